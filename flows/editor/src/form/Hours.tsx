import { t } from "../words";
import { asList, dotted, type Path } from "./plain";
import { useScope } from "./scope";
import {
  DAYS,
  type DayKey,
  ends,
  GROUPS,
  type Hours,
  isPeriod,
  periodsOn,
  readHours,
  ruling,
  span,
  withPeriods,
} from "./week_hours";

const NAMES: Record<DayKey, () => string> = {
  every_day: () => t("Every day"),
  weekdays: () => t("Monday to Friday"),
  weekend: () => t("Weekend"),
  mon: () => t("Monday"),
  tue: () => t("Tuesday"),
  wed: () => t("Wednesday"),
  thu: () => t("Thursday"),
  fri: () => t("Friday"),
  sat: () => t("Saturday"),
  sun: () => t("Sunday"),
};

/** Weekly opening hours: periods for every day, for working days and weekend, or for single days; and how a week looks. */
export function HoursControl({ path, value }: { path: Path; value: unknown }) {
  const { readOnly, set } = useScope();
  const hours = readHours(value);
  const keys = [...GROUPS, ...DAYS].filter((key) => hours[key] !== undefined);
  const free = [...GROUPS, ...DAYS].filter((key) => hours[key] === undefined);
  const write = (key: DayKey, periods: string[] | null) => set(path, withPeriods(hours, key, periods));
  return (
    <div className="form-hours">
      <Week hours={hours} />
      {keys.map((key) => (
        <div key={key} className="form-hours-row" data-field={dotted([...path, key])}>
          <span className="form-hours-day">{NAMES[key]()}</span>
          <Periods
            day={NAMES[key]()}
            periods={hours[key] ?? []}
            set={(periods) => write(key, periods)}
            remove={() => write(key, null)}
          />
        </div>
      ))}
      {!readOnly && (
        <select
          className="small"
          aria-label={t("Add hours for a day")}
          value=""
          onChange={(event) => event.target.value && write(event.target.value as DayKey, ["09:00-18:00"])}
        >
          <option value="">{t("Add hours for…")}</option>
          {free.map((key) => (
            <option key={key} value={key}>
              {NAMES[key]()}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

interface PeriodsProps {
  day: string;
  periods: readonly string[];
  set: (periods: string[]) => void;
  remove?: () => void;
}

function Periods({ day, periods, set, remove }: PeriodsProps) {
  const { readOnly } = useScope();
  const change = (index: number, period: string) => set(periods.map((old, place) => (place === index ? period : old)));
  return (
    <div className="form-periods">
      {periods.length === 0 && <span className="chip plain grey">{t("closed")}</span>}
      {periods.map((period, index) => (
        <Period
          // A period has no name; its place is its key while it is typed.
          key={index}
          day={day}
          period={period}
          set={(next) => change(index, next)}
          remove={() => set(periods.filter((_, place) => place !== index))}
        />
      ))}
      {!readOnly && (
        <span className="row">
          <button
            type="button"
            className="quiet small"
            onClick={() => set([...periods, "13:00-18:00"])}
            aria-label={t("Add a period on {day}", { day })}
          >
            {t("+ period")}
          </button>
          {remove && (
            <button
              type="button"
              className="quiet small"
              onClick={remove}
              aria-label={t("Remove the hours of {day}", { day })}
            >
              {t("Remove")}
            </button>
          )}
        </span>
      )}
    </div>
  );
}

function Period({
  day,
  period,
  set,
  remove,
}: {
  day: string;
  period: string;
  set: (period: string) => void;
  remove: () => void;
}) {
  const { readOnly } = useScope();
  const [from, to] = ends(period);
  const over = isPeriod(period) && to <= from;
  return (
    <span className="form-period">
      <input
        type="text"
        inputMode="numeric"
        className="form-clock"
        maxLength={5}
        readOnly={readOnly}
        aria-label={t("{day}, from", { day })}
        value={from}
        aria-invalid={!isPeriod(period) || undefined}
        placeholder="09:00"
        onChange={(event) => set(`${event.target.value}-${to}`)}
      />
      <span aria-hidden="true">–</span>
      <input
        type="text"
        inputMode="numeric"
        className="form-clock"
        maxLength={5}
        readOnly={readOnly}
        aria-label={t("{day}, to", { day })}
        value={to}
        aria-invalid={!isPeriod(period) || undefined}
        placeholder="18:00"
        onChange={(event) => set(`${from}-${event.target.value}`)}
      />
      {!readOnly && (
        <button
          type="button"
          className="quiet small"
          aria-label={t("Remove {what}", { what: `${day} ${period}` })}
          onClick={remove}
        >
          ×
        </button>
      )}
      {over && <span className="small muted">{t("until the next day")}</span>}
      {!isPeriod(period) && <span className="form-refused">{t("Write 24-hour times, such as 08:00 and 21:00.")}</span>}
    </span>
  );
}

/** The week as bars, 0 to 24 o'clock. */
function Week({ hours }: { hours: Hours }) {
  return (
    <div className="form-week" role="img" aria-label={t("The week: {days}", { days: spoken(hours) })}>
      {DAYS.map((day) => (
        <div key={day} className="form-week-day">
          <span className="small">{NAMES[day]()}</span>
          <svg viewBox="0 0 240 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
            <rect className="back" width="240" height="12" rx="2" />
            {periodsOn(hours, day).map((period) => {
              const bar = span(period);
              return (
                bar && (
                  <rect
                    key={period}
                    className="open"
                    x={bar.from * 240}
                    width={(bar.to - bar.from) * 240}
                    height="12"
                  />
                )
              );
            })}
            {[6, 12, 18].map((hour) => (
              <line key={hour} x1={hour * 10} x2={hour * 10} y2="12" />
            ))}
          </svg>
          <span className="small muted">{periodsOn(hours, day).join(", ") || t("closed")}</span>
          <span className="visually-hidden">{ruling(hours, day) ?? ""}</span>
        </div>
      ))}
    </div>
  );
}

function spoken(hours: Hours): string {
  return DAYS.map((day) => `${NAMES[day]()} ${periodsOn(hours, day).join(", ") || t("closed")}`).join("; ");
}

/** The periods of one day, of an exception for example. */
export function PeriodList({ path, value, title }: { path: Path; value: unknown; title: string }) {
  const { set } = useScope();
  return <Periods day={title} periods={asList(value).map(String)} set={(periods) => set(path, periods)} />;
}
