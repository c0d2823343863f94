/** The way in by an invitation. Loaded when it is wanted: once in the life of an account. */
import { post, type WireProfile } from "./api";
import { deviceLabel } from "./device";
import { newId } from "./ids";
import { passwordProblem } from "./passwords";
import { problem } from "./problems";
import { type Entered, enterByPassword, isCode, openProfile, withKeyring } from "./sign_in";
import type { Role } from "./team";

export interface Invitation {
  name: string;
  displayName: string;
  role: Role;
  teamName: string;
  /** An instant of the protocol. */
  expires: string;
}
interface WireInvitation {
  user: string;
  name: string;
  display_name: string;
  role: Role;
  team_name: string;
  expires: string;
}

/** Whose invitations this page has read: what helps when the reply to accepting one gets lost. */
const invitedNames = new Map<string, string>();

/** What an invitation says. @throws ApiProblem `invitation_invalid`, Unreachable. */
export async function readInvitation(token: string): Promise<Invitation> {
  const said = await post<WireInvitation>("/api/invitation/open", { token });
  invitedNames.set(token, said.name);
  return {
    name: said.name,
    displayName: said.display_name,
    role: said.role,
    teamName: said.team_name,
    expires: said.expires,
  };
}

/**
 * Makes the seed on this phone, closes it under the password and uses the invitation up. One that
 * was used up by an attempt whose reply got lost is as good as a sign-in with the same password.
 * @throws ApiProblem `weak_password`, `invitation_invalid`, Unreachable.
 */
export async function enterByInvitation(token: string, password: string): Promise<Entered> {
  if (passwordProblem(password)) throw problem("weak_password", "password");
  try {
    return await useInvitation(token, password);
  } catch (error) {
    const name = invitedNames.get(token);
    if (!name || !isCode(error, "invitation_invalid")) throw error;
    return enterByPassword(name, password).catch((reason: unknown) => {
      throw isCode(reason, "wrong_sign_in") ? error : reason;
    });
  }
}

function useInvitation(token: string, password: string): Promise<Entered> {
  return withKeyring(async (keyring) => {
    const { user, name } = await post<WireInvitation>("/api/invitation/open", { token });
    invitedNames.set(token, name);
    const made = await keyring.ask("create", user, password);
    const { profile } = await post<{ profile: WireProfile }>("/api/invitation/accept", {
      token,
      salt: made.salt,
      opslimit: made.opslimit,
      memlimit: made.memlimit,
      login_key: made.loginKey,
      wrapped_seed: made.wrappedSeed,
      box_public: made.boxPublic,
      sign_public: made.signPublic,
      device: { id: newId(), label: deviceLabel() },
    });
    return openProfile(keyring, profile);
  });
}
