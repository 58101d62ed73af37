import { useState } from 'preact/hooks';
import type { RoutingTest } from '../../contracts';
import { anomalyApi, routingTestUnits } from './anomalyApi';
import { formatCount, formatScore, formatShare } from './format';
import { useLoaded } from './load';
import { Notice } from './notice';
import { ShareBar } from './shareBar';

/** Which model a user or an instance would meet, and how made-up ones would be split. */
export function RoutingTestPanel() {
  const [unit, setUnit] = useState<string>();
  const loaded = useLoaded(`routing test ${unit ?? ''}`, (signal) => anomalyApi.testRouting(unit, signal));
  return (
    <section aria-labelledby="test-title">
      <h2 id="test-title">Routing test</h2>
      <form
        class="ask"
        onSubmit={(event) => {
          event.preventDefault();
          const typed = new FormData(event.currentTarget).get('unit');
          if (typeof typed === 'string') setUnit(typed.trim() || undefined);
        }}
      >
        <label for="unit">User or instance</label>
        <div class="ask-row">
          <input id="unit" name="unit" maxLength={200} autocomplete="off" spellcheck={false} />
          <button class="primary">Try</button>
        </div>
      </form>
      {loaded.state === 'ready' ? (
        <Outcome test={loaded.value} />
      ) : (
        <Notice loaded={loaded} what="routing test" />
      )}
    </section>
  );
}

function Outcome({ test: { unit, simulated } }: { test: RoutingTest }) {
  return (
    <>
      <p role="status">
        {unit ? (
          <>
            <strong>{unit.unit}</strong> meets the <strong>{unit.role}</strong>: {unit.model} {unit.version}{' '}
            <small>(place {formatScore(unit.position)} of 1)</small>
          </>
        ) : (
          'Type a name to see which model answers it; the same name always meets the same one.'
        )}
      </p>
      <h3>{formatCount(routingTestUnits)} made-up units</h3>
      <ShareBar challengerShare={simulated.challenger / (simulated.champion + simulated.challenger)} />
      <p class="hint">
        {formatCount(simulated.champion)} champion, {formatCount(simulated.challenger)} challenger; expected{' '}
        {formatShare(simulated.expectedChallengerShare)} for the challenger (p = {formatScore(simulated.p)})
      </p>
    </>
  );
}
