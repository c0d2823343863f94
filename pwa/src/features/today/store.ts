/** What Heute reads itself; the sections of other features read for themselves. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { watch } from "../../platform/records";
import { phase, profile } from "../../platform/session";
import { status } from "../../platform/sync_loop";

export { drafts } from "../../platform/drafts";

/** How many cases lie on this phone; `null` while it is not known. */
export const caseCount: ReadonlySignal<number | null> = computed(() => {
  if (phase.value !== "open") return null;
  const rows = watch("client_case", { columns: [] }).value;
  return rows === null ? null : rows.filter((row) => !row.deleted).length;
});

/** Whether she stands in: she makes no cases, and sees only what was handed to her. */
export const standsIn: ReadonlySignal<boolean> = computed(() => profile.value?.role !== "ab_pap");

/** Whether the first load from the server is still running: then "no cases" is not yet true. */
export const loadingFirst: ReadonlySignal<boolean> = computed(
  () => status.value.firstSync !== null,
);
