// Says that the server does not answer, and since when; what is shown below stays.
import { askNow, goneSince } from "../api/presence";
import { clockText } from "../words/dates";
import { say } from "../words/say";

export function Connection() {
  const since = goneSince.use();
  return (
    <div role="status">
      {since > 0 && (
        <p class="notice bad">
          <span>{say("shell.gone", { time: clockText(since) })}</span>
          <button type="button" class="button small" onClick={askNow}>{say("trouble.again")}</button>
        </p>
      )}
    </div>
  );
}
