// Moments as annotations hold them: UTC, whole seconds.

export const DAY = 86_400;

/** Of seconds since 1970. */
export const moment = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

export const dayOf = (seconds: number): string => moment(seconds).slice(0, 10);

/** Undefined where the text is no moment. */
export const secondsOf = (text: string | undefined): number | undefined => {
  const milliseconds = Date.parse(text ?? '');
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
};
