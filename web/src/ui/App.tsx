import { useEffect, useRef } from 'preact/hooks';
import type { Controller } from '../control/controller.ts';
import { Breadcrumb } from './Breadcrumb.tsx';
import { Card } from './card/Card.tsx';
import { AppContext, useAppValue, useLazy } from './context.ts';
import { Header } from './Header.tsx';
import { MapTools } from './MapTools.tsx';
import { Notices } from './Notices.tsx';
import { Panel } from './Panel.tsx';
import { Skips } from './Skips.tsx';
import { TimeSlot } from './time/TimeSlot.tsx';
import { ViewSwitch } from './ViewSwitch.tsx';

interface Props {
  controller: Controller;
  startMap(container: HTMLElement): Promise<void>;
}

const loadTable = () => import('./list/Table.tsx').then((part) => part.Table);
const loadAgenda = () => import('./list/Agenda.tsx').then((part) => part.Agenda);

/** The page: head, panel and stage. The map stays where it is when a table or an agenda stands before it. */
export function App({ controller, startMap }: Props) {
  const value = useAppValue(controller);
  const map = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (map.current) void startMap(map.current);
  }, [startMap]);

  const { state, text } = value;
  const withoutMap = state.notice === 'mapFailed';
  const agenda = state.view === 'agenda';
  const table = state.view === 'table' || (withoutMap && !agenda);
  const Table = useLazy(loadTable, table);
  const Agenda = useLazy(loadAgenda, agenda);

  return (
    <AppContext.Provider value={value}>
      <div class="page" data-view={state.view} data-sheet={state.sheet}>
        <Skips />
        <Header />
        <main class="stage" id="main">
          <div class="strip">
            <Breadcrumb />
            <ViewSwitch />
          </div>
          <div class="canvas">
            <div class="map" ref={map} inert={table || agenda} />
            <button
              type="button"
              class="to-list"
              hidden={table || agenda}
              onClick={() => controller.change({ view: 'list' })}
            >
              {text.showAsList}
            </button>
            {(table || agenda) && (
              <div class="sheet-view">
                {table && Table && <Table />}
                {agenda && Agenda && <Agenda />}
              </div>
            )}
            {!table && !agenda && <MapTools />}
            <Notices />
            <Card />
          </div>
          <TimeSlot place="stage" />
        </main>
        <Panel />
      </div>
    </AppContext.Provider>
  );
}
