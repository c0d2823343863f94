/** The app once it is open: frame, routes and what is said on every screen. */
import { useEffect, useMemo } from "preact/hooks";
import { Route, Router, useLocation } from "preact-iso";
import { SyncChip } from "../features/synchronisation/chip";
import { cameFrom } from "../features/synchronisation/feature";
import { drafts } from "../platform/drafts";
import { lock, type Profile, profile, settings } from "../platform/session";
import { Button } from "../ui/button";
import { setTimeZone } from "../ui/dates";
import { type Feature, Features, placeOfDraft } from "../ui/feature";
import { FrameContext, type FrameParts, TabScreen } from "../ui/frame";
import { lazyScreen } from "../ui/lazy_screen";
import { Empty } from "../ui/parts";
import { allFeatures } from "./features";
import { StorageNotice } from "./storage_notice";
import { UpdateNotice } from "./update_notice";

/** All screens for the person who is in. */
export function Shell() {
  const { path, url, route } = useLocation();
  const me = profile.value;
  const features = useMemo(() => featuresFor(me), [me]);
  const frame = useMemo(() => frameFor(features, path, url), [features, path, url]);
  const routes = features.flatMap((feature) => feature.routes);
  useOfficeZone();
  useEffect(() => {
    if (path === "/") route(formLeftOpen(features) ?? "/heute", true);
    if (path === "/einladung") route("/heute", true);
  }, [path, route, features]);
  return (
    <Features.Provider value={features}>
      <FrameContext.Provider value={frame}>
        {/* The router keeps a route while the path stays: admission must bring the real Heute. */}
        <Router key={features.map(({ name }) => name).join()}>
          {/* Two addresses of one screen share a key: a list stays beside its detail as it was. */}
          {routes.map(({ path: at, view }) => (
            <Route key={routes.findIndex((one) => one.view === view)} path={at} component={view} />
          ))}
          <Route default component={path === "/" ? Nothing : NotFound} />
        </Router>
      </FrameContext.Provider>
    </Features.Provider>
  );
}

/** Where somebody was writing when the app was killed. */
function formLeftOpen(features: Feature[]): string | undefined {
  const draft = drafts.peek().find(({ open }) => open);
  return draft && placeOfDraft(features, draft.key)?.href;
}

// Who is not taken in yet holds no key: her Heute is the comparison of the safety number.
const admission: Feature = {
  name: "admission",
  routes: [
    {
      path: "/heute",
      view: lazyScreen(async () => (await import("../features/team/pages")).WaitingScreen),
    },
  ],
  nav: { label: "Aufnahme", href: "/heute", icon: "personplus", order: 10 },
};

function featuresFor(me: Profile | null): Feature[] {
  if (!me) return [];
  const waits = !me.admitted && me.role !== "admin";
  const hers = allFeatures.filter(({ roles }) => !roles || (!waits && roles.includes(me.role)));
  return waits ? [admission, ...hers] : hers;
}

function frameFor(features: Feature[], path: string, url: string): FrameParts {
  const tabs = features.flatMap(({ nav }) => nav ?? []).sort((a, b) => a.order - b.order);
  const remember = () => {
    if (path !== "/synchronisierung") cameFrom.value = url;
  };
  return {
    chip: <SyncChip onOpen={remember} />,
    onLock: lock,
    tabs,
    path,
    notice: (
      <>
        <StorageNotice />
        <UpdateNotice />
      </>
    ),
  };
}

function useOfficeZone(): void {
  const zone = settings.value.time_zone;
  useEffect(() => {
    if (typeof zone === "string") setTimeZone(zone);
  }, [zone]);
}

function Nothing() {
  return null;
}

function NotFound() {
  return (
    <TabScreen name="Nicht gefunden" heading="Diese Seite gibt es nicht">
      <Empty icon="search" title="Vielleicht ist der Link alt oder nicht vollständig">
        <Button kind="primary" icon="home" href="/heute">
          Zu Heute
        </Button>
      </Empty>
    </TabScreen>
  );
}
