export { Alike, Completeness, WhoWouldSee } from "./checks";
export { Entries } from "./entries";
export { Problems } from "./problems";
export { ThreeWay } from "./three_way";
