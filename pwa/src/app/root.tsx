/** Which of the worlds is shown: nothing yet, signing in, an invitation, the lock, the app. */
import { useEffect } from "preact/hooks";
import { LocationProvider, useLocation } from "preact-iso";
import { LockFrame } from "../features/session/lock_frame";
import { SignInScreen } from "../features/session/sign_in";
import { UnlockScreen } from "../features/session/unlock";
import { phase } from "../platform/session";
import { Announcer, hush, hushEarlier } from "../ui/announce";
import { ErrorBoundary } from "../ui/error_boundary";
import { useKeptFocus } from "../ui/focus";
import { later } from "../ui/later";

// The lock must be there at once, on a slow phone too: everything else is loaded behind it.
const shell = later(() => import("./shell").then((file) => file.Shell));
const invitation = later(() =>
  import("../features/session/invitation").then((file) => file.InvitationScreen),
);

const start = <LockFrame name="Start" />;

/** The whole app. */
export function Root() {
  return (
    <LocationProvider>
      <Announcer />
      <World />
    </LocationProvider>
  );
}

function World() {
  const { path, route } = useLocation();
  const now = phase.value;
  useKeptFocus();
  useEffect(hushEarlier, [path]);
  useEffect(() => {
    if (now !== "open") hush();
    if (now === "locked" || now === "signed_out") whenIdle(shell.preload);
  }, [now]);
  const invited = path === "/einladung" && now !== "starting";
  return (
    <ErrorBoundary resetKey={`${now} ${path}`}>
      {invited ? (
        <invitation.Part fallback={start} onDone={() => route("/heute", true)} />
      ) : (
        <Phase />
      )}
    </ErrorBoundary>
  );
}

function Phase() {
  switch (phase.value) {
    case "starting":
      return start;
    case "signed_out":
      return <SignInScreen />;
    case "locked":
      return <UnlockScreen />;
    case "open":
      return <shell.Part fallback={start} />;
  }
}

// Safari has no idle callback; a moment after the first paint does as well.
function whenIdle(deed: () => Promise<void>): void {
  const run = () => void deed().catch(reportError);
  if ("requestIdleCallback" in window) requestIdleCallback(run);
  else setTimeout(run, 200);
}
