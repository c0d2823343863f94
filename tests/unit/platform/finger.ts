/** The phone's own lock for the tests: WebAuthn as far as Zuzweit uses it, with PRF. */
import { vi } from "vitest";

const HOST = "zuzweit.example";

/** How a phone differs from the best one: what it lacks, and whether its person confirms. */
interface Ways {
  knows?: boolean;
  prf?: "at_once" | "when_asked" | "never";
}

export class Finger {
  knows = true;
  /** Each passkey's secret by its id; those the phone was told to forget are gone. */
  readonly secrets = new Map<string, Uint8Array<ArrayBuffer>>();
  /** What was handed to the app: it must wipe all of it. */
  readonly answers: Uint8Array[] = [];
  asked = 0;
  /** What the person does meanwhile. */
  pause: Promise<void> = Promise.resolve();
  private readonly prf: Ways["prf"];

  constructor({ knows = true, prf = "at_once" }: Ways = {}) {
    this.knows = knows;
    this.prf = prf;
  }

  /** Puts it into the page that was opened last. */
  touch(): this {
    Object.assign(navigator, {
      credentials: {
        create: ({ publicKey }: CredentialCreationOptions) => this.create(publicKey),
        get: ({ publicKey }: CredentialRequestOptions) => this.get(publicKey),
      },
    });
    vi.stubGlobal("location", { hostname: HOST });
    vi.stubGlobal("PublicKeyCredential", {
      isUserVerifyingPlatformAuthenticatorAvailable: async () => true,
      signalUnknownCredential: async ({ rpId, credentialId }: Record<string, string>) => {
        if (rpId === HOST) this.secrets.delete(credentialId ?? "");
      },
    });
    return this;
  }

  private async create(wanted?: PublicKeyCredentialCreationOptions) {
    await this.pause;
    this.confirm(wanted?.rp.id, wanted?.authenticatorSelection?.userVerification);
    const id = crypto.getRandomValues(new Uint8Array(16));
    const name = Buffer.from(id).toString("base64url");
    this.secrets.set(name, crypto.getRandomValues(new Uint8Array(32)));
    const salt = this.prf === "at_once" ? wanted?.extensions?.prf?.eval?.first : undefined;
    return this.credential(name, salt);
  }

  private async get(wanted?: PublicKeyCredentialRequestOptions) {
    this.confirm(wanted?.rpId, wanted?.userVerification);
    const [allowed] = wanted?.allowCredentials ?? [];
    const name = Buffer.from(allowed?.id as Uint8Array).toString("base64url");
    if (!this.secrets.has(name)) throw refusal();
    return this.credential(name, wanted?.extensions?.prf?.eval?.first);
  }

  private confirm(host?: string, verification?: string): void {
    this.asked += 1;
    if (!this.knows || host !== HOST || verification !== "required") throw refusal();
  }

  private async credential(id: string, salt?: BufferSource) {
    const enabled = this.prf !== "never";
    const first = enabled && salt ? await this.answer(id, salt as Uint8Array<ArrayBuffer>) : null;
    const prf = first ? { enabled, results: { first } } : { enabled };
    return { id, getClientExtensionResults: () => ({ prf }) };
  }

  private async answer(id: string, salt: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    const secret = this.secrets.get(id) ?? new Uint8Array();
    const given = await crypto.subtle.digest("SHA-256", new Uint8Array([...secret, ...salt]));
    this.answers.push(new Uint8Array(given));
    return given;
  }
}

/** The browser says the same of everything that was not confirmed. */
function refusal(): Error {
  return new DOMException("", "NotAllowedError");
}
