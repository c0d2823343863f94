/** What tests of renewed keys ask the server in memory, and wait for. */
import type { FakeServer } from "./fake_server";
import { PASSWORD, type Phone, settled } from "./phone";

export const idOf = (server: FakeServer, name: string) => server.users.get(name)?.user ?? "";
export const epochIds = (server: FakeServer) => server.epochs.map(({ key_id }) => key_id as string);
export const readersOf = (server: FakeServer, key: string) =>
  server.envelopes.filter(({ key_id }) => key_id === key).map(({ reader }) => reader);

/** A phone again, unlocked and in step with the server. */
export async function back(server: FakeServer, phone: Phone, name: string): Promise<Phone> {
  await phone.start();
  await phone.session.unlock(idOf(server, name), PASSWORD);
  await phone.sync.syncNow();
  return phone;
}

/** Waits until the team has its second key, nothing is renewed any more and nothing waits. */
export async function renewed(server: FakeServer, phone: Phone): Promise<void> {
  await settled(async () => {
    const { outbox } = await import("@pwa/platform/queue");
    const { renewalDue } = await import("@pwa/platform/team");
    return (
      server.epochs.length === 2 &&
      !renewalDue.value &&
      phone.session.renewing.value === null &&
      outbox.value.length === 0
    );
  });
}
