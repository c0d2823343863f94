/** What is seldom changed about the way in, fetched together. */
export { ChangePasswordScreen } from "./change_password_screen";
export { PasskeyScreen } from "./passkey_screen";
