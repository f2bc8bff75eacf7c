export { Alike, Completeness, WhoWouldSee } from "./checks";
export { Long } from "./choose_many";
export { Entries } from "./entries";
export { Group } from "./groups";
export { Problems } from "./problems";
export { Revealed } from "./reveals";
export { ThreeWay } from "./three_way";
