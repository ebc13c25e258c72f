// Lines that the scripts write between the server's own: JSON, so that what ships them needs no second format.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../../scripts/lib/process.ts';
import { Pod, scripts } from './support/pod.ts';

let pod: Pod;
beforeEach(async () => {
  pod = await Pod.start();
});
afterEach(() => pod.stop());

test('a line is one JSON object, whatever the message holds', async () => {
  const message = 'waiting: "reviews"/0 \\ is\tnot\nhere – ß';
  const script = `. ${scripts}/lib.sh; LOG_TO=/dev/stdout log "$MESSAGE"`;
  const { stdout } = await run('bash', ['-c', script], { env: { ...pod.env, MESSAGE: message }, seconds: 20 });
  expect(stdout.match(/\n/g)).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({
    message: message.replace(/[\t\n]/g, ' '),
    'log.level': 'INFO',
    'event.dataset': 'delivery-reviews.lifecycle',
    '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
});
