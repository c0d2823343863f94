/** What is not needed at a door, fetched together: each file of its own would weigh on every start. */
export { GuideScreen } from "./guide_screen";
export { PrivacyScreen } from "./privacy_screen";
export { RegisterScreen } from "./register_screen";
export { MoreScreen } from "./screen";
export { ThreatsScreen } from "./threats_screen";
