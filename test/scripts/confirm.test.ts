// What somebody must say before data is deleted, where nobody can be asked.
import { describe, expect, test } from '@jest/globals';
import { isConsent, saidBeforehand } from '../../scripts/lib/cluster/confirm.ts';

const data = { namespace: 'reviews-dev', deletesData: true };
const none = { namespace: 'reviews', deletesData: false };

describe('said beforehand', () => {
  test('is YES or --yes, and the flag is heard first', () => {
    expect(saidBeforehand(['dev'], {})).toBeUndefined();
    expect(saidBeforehand(['dev'], { YES: '' })).toBeUndefined();
    expect(saidBeforehand(['dev'], { YES: 'reviews-dev' })).toBe('reviews-dev');
    expect(saidBeforehand(['dev', '--yes'], { YES: 'reviews-dev' })).toBe('1');
    expect(saidBeforehand(['dev', '--yes=reviews-dev'], {})).toBe('reviews-dev');
  });

  test('nothing: somebody is asked', () => {
    expect(isConsent(undefined, data)).toBe(false);
    expect(isConsent(undefined, none)).toBe(false);
  });

  test('the name of the namespace is always enough', () => {
    expect(isConsent('reviews-dev', data)).toBe(true);
    expect(isConsent('reviews', none)).toBe(true);
  });

  test('1 is enough where the data is kept, and not where it is deleted', () => {
    expect(isConsent('1', none)).toBe(true);
    expect(() => isConsent('1', data)).toThrow(
      'YES=1 is not enough where data is deleted. Name what goes: YES=reviews-dev',
    );
  });

  test.each(['reviews', 'yes', 'true', ''])('"%s" is about something else', (said) => {
    expect(() => isConsent(said, data)).toThrow(`YES must be reviews-dev, but is "${said}"`);
    expect(() => isConsent(`${said}-x`, none)).toThrow('YES must be 1 or reviews, but is');
  });
});
