/**
 * A phone for the tests: the platform's own modules, fresh, over an IndexedDB that outlives them.
 * `kill` ends everything that still runs; `start` opens the app again on the same disk.
 */
import Dexie from "dexie";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { afterEach, vi } from "vitest";
import type { FakeServer, Session } from "./fake_server";

export const PASSWORD = "Schirm-Lampe-Treppe-9";

type Modules = Awaited<ReturnType<typeof load>>;

async function load() {
  const [session, records, sync, drafts, keyring, vaultCore, service, vault, password] =
    await Promise.all([
      import("@pwa/platform/session"),
      import("@pwa/platform/records"),
      import("@pwa/platform/sync_loop"),
      import("@pwa/platform/drafts"),
      import("@pwa/platform/keyring"),
      import("@pwa/platform/vault_core"),
      import("@pwa/platform/vault_service"),
      import("@pwa/platform/vault"),
      import("@pwa/platform/password_change"),
    ]);
  const [store, resting, clarify, rescue, vouching, passkey, recovery] = await Promise.all([
    import("@pwa/platform/store"),
    import("@pwa/platform/resting"),
    import("@pwa/platform/clarify"),
    import("@pwa/platform/rescue"),
    import("@pwa/platform/vouching"),
    import("@pwa/platform/passkey_setup"),
    import("@pwa/platform/recovery"),
  ]);
  const vaults = { keyring, vaultCore, service, vault };
  return {
    session,
    records,
    sync,
    drafts,
    ...vaults,
    store,
    password,
    resting,
    clarify,
    rescue,
    vouching,
    passkey,
    recovery,
  };
}

/** Ends with the phone: nothing that was left running may disturb the next start. */
const running = new Set<ReturnType<typeof setTimeout>>();
const channels = new Set<BroadcastChannel>();
let page = new EventTarget();
/** Brings the page that was opened last to a standstill; in a browser a page dies with its tab. */
let standstill: () => Promise<void> = async () => {};

afterEach(endPage);

export class Phone {
  readonly disk = new IDBFactory();
  /** What lies beside the stores: another corner of the same disk. */
  readonly corner = new Map<string, string>();
  readonly cookie: Session = { user: null, device: null };
  readonly vaultsEnded: number[] = [];
  private readonly server: FakeServer;
  private modules: Modules | null = null;

  constructor(server: FakeServer) {
    this.server = server;
  }

  get session() {
    return this.opened.session;
  }
  get records() {
    return this.opened.records;
  }
  get sync() {
    return this.opened.sync;
  }
  get resting() {
    return this.opened.resting;
  }
  get clarify() {
    return this.opened.clarify;
  }
  get vouching() {
    return this.opened.vouching;
  }
  get recovery() {
    return this.opened.recovery;
  }
  get rescue() {
    return this.opened.rescue;
  }
  get drafts() {
    return this.opened.drafts;
  }
  get password() {
    return this.opened.password;
  }
  get passkey() {
    return this.opened.passkey;
  }
  get db() {
    const store = this.opened.store.currentStore.peek();
    if (!store) throw new Error("no store");
    return store.db;
  }

  /** Opens the app: a new page on this phone's disk. */
  async start(): Promise<this> {
    await endPage();
    vi.resetModules();
    stubPage();
    vi.stubGlobal("localStorage", cornerOf(this.corner));
    Dexie.dependencies.indexedDB = this.disk;
    Dexie.dependencies.IDBKeyRange = IDBKeyRange;
    const line = new Line((path, init) => this.server.handle(this.cookie, path, init));
    vi.stubGlobal("fetch", line.fetch);
    const modules = await load();
    this.modules = modules;
    standstill = () => line.cut(modules.sync.syncNow);
    this.modules.keyring.setVaultStarter(() => this.startVault());
    await this.modules.session.start();
    return this;
  }

  /** As if the system had ended the app: no goodbye, the disk stays. */
  kill(): void {
    this.modules?.store.currentStore.peek()?.db.close();
    kill();
    this.modules = null;
  }

  /** The browser throws databases away while the app is closed. */
  async wipe(which: (name: string) => boolean): Promise<void> {
    this.kill();
    await endPage();
    const names = (await this.disk.databases()).flatMap(({ name }) => name ?? []);
    for (const name of names.filter(which)) {
      await new Promise((done) => {
        this.disk.deleteDatabase(name).onsuccess = done;
      });
    }
  }

  /** Hides or shows the page. */
  show(visibility: "visible" | "hidden"): void {
    Object.assign(document, { visibilityState: visibility });
    document.dispatchEvent(new Event("visibilitychange"));
  }

  private get opened(): Modules {
    if (!this.modules) throw new Error("the app is not open");
    return this.modules;
  }

  /** The real vault, in this thread, with a cheap stand-in for Argon2id. */
  private startVault() {
    const { vaultCore, service, vault } = this.opened;
    const core = new vaultCore.VaultCore(async (password, { salt }) => {
      await vault.loadVault();
      return vault.hash(new TextEncoder().encode(`${password}|${salt}`)).slice(0, 32);
    });
    const number = this.vaultsEnded.length;
    this.vaultsEnded.push(0);
    let listener: (reply: never) => void = () => {};
    let last: Promise<unknown> = Promise.resolve();
    return {
      send: (request: never) => {
        const copy = structuredClone(request);
        last = last.then(async () => {
          const reply = await service.answer(core, copy);
          if (this.vaultsEnded[number] === 0) listener(structuredClone(reply) as never);
        });
      },
      receive: (listen: (reply: never) => void) => {
        listener = listen;
      },
      end: () => {
        this.vaultsEnded[number] = 1;
      },
    };
  }
}

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * A page's way to the server. All pages share one set of globals, so a run that outlives its page
 * would take the next page's locks and cookies: it is held at its next request, for good.
 */
class Line {
  private readonly way: Fetch;
  private dead = false;
  private held: () => void = () => {};

  constructor(way: Fetch) {
    this.way = way;
  }

  readonly fetch: Fetch = (path, init) => {
    if (!this.dead) return this.way(path, init);
    this.held();
    return new Promise(() => {});
  };

  /** Resolves once the run under way, or a new one, has ended or is held. */
  async cut(run: () => Promise<void>): Promise<void> {
    this.dead = true;
    const held = new Promise<void>((resolve) => {
      this.held = resolve;
    });
    await Promise.race([run(), held]);
  }
}

/** A person who has accepted her invitation on a fresh phone. */
export async function newPerson(server: FakeServer, name: string, role?: string): Promise<Phone> {
  if (!server.users.has(name)) server.invite(name, role);
  const phone = await new Phone(server).start();
  await phone.session.acceptInvitation(`token-${name}`, PASSWORD);
  await settled(() => !phone.sync.status.value.running && phone.session.members.value.length > 0);
  return phone;
}

/** The first aB-pAp: her phone has made the team's key. */
export async function firstColleague(server: FakeServer, name = "anke"): Promise<Phone> {
  const phone = await newPerson(server, name);
  await settled(() => phone.session.members.value.some(({ me, admitted }) => me && admitted));
  await phone.sync.syncNow();
  return phone;
}

/** Waits until a condition holds, at most half a minute of real time. */
export async function settled(condition: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitFor(
    async () => {
      if (!(await condition())) throw new Error("not yet");
    },
    { timeout: 30_000, interval: 5 },
  );
}

/** The rows a watch shows once they satisfy a condition. */
export async function shown<E>(
  watched: { readonly value: E[] | null; subscribe(listener: () => void): () => void },
  condition: (entries: E[]) => boolean = () => true,
): Promise<E[]> {
  const stop = watched.subscribe(() => {});
  try {
    await settled(() => watched.value !== null && condition(watched.value));
    return watched.value as E[];
  } finally {
    stop();
  }
}

async function endPage(): Promise<void> {
  await standstill();
  standstill = async () => {};
  kill();
}

function kill(): void {
  for (const timer of running) clearTimeout(timer);
  running.clear();
  for (const channel of channels) channel.close();
  channels.clear();
}

function cornerOf(corner: Map<string, string>) {
  return {
    getItem: (key: string) => corner.get(key) ?? null,
    setItem: (key: string, text: string) => void corner.set(key, text),
    removeItem: (key: string) => void corner.delete(key),
  };
}

function stubPage(): void {
  page = new EventTarget();
  const { setTimeout: later, setInterval: often } = realTimers;
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("dispatchEvent", page.dispatchEvent.bind(page));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("reportError", (error: unknown) => unexpected.push(error));
  vi.stubGlobal("setTimeout", (...args: Parameters<typeof setTimeout>) => tracked(later(...args)));
  vi.stubGlobal("setInterval", (...args: Parameters<typeof setInterval>) =>
    tracked(often(...args)),
  );
  vi.stubGlobal("BroadcastChannel", TrackedChannel);
  vi.stubGlobal("navigator", { userAgent: "Android Chrome", locks: new Locks() });
}

/** What the app reported as its own fault; a test that expects none looks here. */
export const unexpected: unknown[] = [];
const realTimers = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval };
const RealChannel = globalThis.BroadcastChannel;

class TrackedChannel extends RealChannel {
  constructor(name: string) {
    super(name);
    channels.add(this);
  }

  /** A tab that was killed tells nobody anything. */
  override postMessage(message: unknown): void {
    if (channels.has(this)) super.postMessage(message);
  }
}

/** Web Locks of one browser: gone with it, whoever held one. */
class Locks {
  private readonly held = new Map<string, Promise<unknown>>();

  async request<T>(name: string, ...rest: [LockOptions, Work<T>] | [Work<T>]): Promise<T> {
    const work = rest.at(-1) as Work<T>;
    const options = rest.length > 1 ? (rest[0] as LockOptions) : {};
    if (options.ifAvailable && this.held.has(name)) return work(null);
    const before = this.held.get(name) ?? Promise.resolve();
    const running = before.then(() => work({ name, mode: "exclusive" }));
    const released: Promise<T> = running.finally(() => {
      if (this.held.get(name) === quiet) this.held.delete(name);
    });
    const quiet = released.then(
      () => {},
      () => {},
    );
    this.held.set(name, quiet);
    return released;
  }

  async query(): Promise<LockManagerSnapshot> {
    return { held: [...this.held.keys()].map((name) => ({ name, mode: "exclusive" })) };
  }
}
type Work<T> = (lock: { name: string; mode: LockMode } | null) => Promise<T>;

function tracked<T extends ReturnType<typeof setTimeout>>(timer: T): T {
  running.add(timer);
  return timer;
}
