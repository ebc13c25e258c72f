// Whether the tests that need a Docker engine run. In CI they must, so there they fail where one is missing; elsewhere
// they are shown as skipped.
import { execFileSync } from 'node:child_process';

export const engineIsReachable: boolean = process.env['CI'] === 'true' || answers() || canStartOne();

function answers(): boolean {
  return succeeds('docker', ['info']);
}

function canStartOne(): boolean {
  return process.getuid?.() === 0 && succeeds('dockerd', ['--version']) && succeeds('iptables', ['--version']);
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
