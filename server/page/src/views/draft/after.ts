export { Confirm } from "./confirm";
export { Mailbox } from "./mailbox";
export { Link, OwnActs } from "./own_acts";
export { Receipt } from "./receipt";
export { Standing, Until } from "./standing";
