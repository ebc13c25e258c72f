// All scenarios, in the order in which they run: so that the lab changes its shape, and the namespace is emptied, as
// seldom as possible.
import type { Scenario } from '../harness/scenario.ts';
import { agentsKilled } from './agents-killed.ts';
import { alertsOfALostNode, alertsOfBlindness, alertsOfNoMaster, alertsOfShardsAndDisks } from './alerts.ts';
import { alertsOfAWait } from './alerts-wait.ts';
import { applySequence } from './apply-sequence.ts';
import { breakGlass } from './break-glass.ts';
import { busyCpus } from './busy-cpus.ts';
import { changedRetention } from './changed-retention.ts';
import { clientAccess } from './client-access.ts';
import { clientsWhileANodeIsLost } from './clients.ts';
import { clockAhead } from './clock-ahead.ts';
import { devOverlay } from './dev-overlay.ts';
import { diskFull, doctor, onlyCopyAway } from './disasters.ts';
import { drain } from './drain.ts';
import { eraseOneCustomer } from './erase.ts';
import { expandStorage } from './expand-storage.ts';
import { firstStart } from './first-start.ts';
import { forbidden } from './forbidden.ts';
import { frozenNode, hungNode } from './frozen-node.ts';
import { heapPressure } from './heap-pressure.ts';
import { scalingHeldBack } from './held-back.ts';
import { killedProcess } from './killed-process.ts';
import { lossyNetwork } from './lossy-network.ts';
import { allClaimsDeleted, twoLostDisks } from './lost-disks.ts';
import { failedFirstStart, lowMapCount } from './low-map-count.ts';
import { manualExclusion } from './manual-exclusion.ts';
import { operatorErrors, statefulSetDeleted } from './mistakes.ts';
import { network } from './network.ts';
import { neverReturns } from './never-returns.ts';
import { noApiServer } from './no-api-server.ts';
import { objectives } from './objectives.ts';
import { overlayOnProd } from './overlay-on-prod.ts';
import { partition, shortCut } from './partition.ts';
import { powerLoss } from './power-loss.ts';
import { previousVersion } from './previous-version.ts';
import { quorumLost, quorumLostForGood } from './quorum.ts';
import { slowRecovery, yellowForGood } from './recovery.ts';
import { replaceNode } from './replace-node.ts';
import { brokenRollOutGateOff, brokenRollOutGateOn, twoRestarts } from './restarts.ts';
import { restartsCompared } from './restarts-compared.ts';
import { restoredFromSnapshot } from './restored.ts';
import { reviewsSetUp, reviewsWhileANodeIsLost } from './reviews.ts';
import { rogueNode } from './rogue-node.ts';
import { changedTwice, configurationChange, rollingRestart } from './rolling.ts';
import { certificateNearItsEnd, newAuthority, rotation } from './rotation.ts';
import { scaling, scalingToOne } from './scaling.ts';
import { lostSecrets } from './secrets.ts';
import { shortGrace } from './short-grace.ts';
import {
  silentLoss,
  silentLossOfMaster,
  silentLossPatient,
  silentLossWithDefaults,
  silentLossWithShortChecks,
} from './silent-loss.ts';
import { silentLossInWork } from './silent-loss-in-work.ts';
import { stalledDisk } from './stalled-disk.ts';
import { stolenToken } from './stolen-token.ts';
import { strictDryRun } from './strict-dry-run.ts';
import { upgrade } from './upgrade.ts';
import { zoneLoss } from './zone-loss.ts';
import { noPodLabels, noZoneLabel } from './zones.ts';

export const scenarios: readonly Scenario[] = [
  strictDryRun,
  firstStart,
  clientAccess,
  eraseOneCustomer,
  applySequence,
  overlayOnProd,
  doctor,
  scaling,
  reviewsSetUp,
  // Maintenance
  scalingToOne,
  scalingHeldBack,
  rollingRestart,
  configurationChange,
  changedTwice,
  upgrade,
  replaceNode,
  drain,
  slowRecovery,
  yellowForGood,
  twoRestarts,
  noApiServer,
  agentsKilled,
  shortGrace,
  manualExclusion,
  clockAhead,
  forbidden,
  operatorErrors,
  statefulSetDeleted,
  diskFull,
  brokenRollOutGateOff,
  brokenRollOutGateOn,
  // Security
  network,
  rogueNode,
  stolenToken,
  lostSecrets,
  breakGlass,
  certificateNearItsEnd,
  rotation,
  newAuthority,
  // Hardware
  silentLossOfMaster,
  silentLoss,
  silentLossInWork,
  killedProcess,
  frozenNode,
  hungNode,
  heapPressure,
  busyCpus,
  partition,
  shortCut,
  lossyNetwork,
  powerLoss,
  clientsWhileANodeIsLost,
  reviewsWhileANodeIsLost,
  onlyCopyAway,
  quorumLost,
  quorumLostForGood,
  twoLostDisks,
  allClaimsDeleted,
  // That somebody is told
  alertsOfShardsAndDisks,
  alertsOfBlindness,
  alertsOfALostNode,
  alertsOfNoMaster,
  alertsOfAWait,
  objectives,
  // The last with this lab: it removes what is there
  changedRetention,
  // It leaves claims behind that no overlay of the suite names, and so removes them
  expandStorage,
  // Each of these begins with an empty namespace
  previousVersion,
  restoredFromSnapshot,
  restartsCompared,
  stalledDisk,
  silentLossWithDefaults,
  silentLossWithShortChecks,
  silentLossPatient,
  lowMapCount,
  failedFirstStart,
  noPodLabels,
  devOverlay,
  noZoneLabel,
  // Larger labs
  neverReturns,
  zoneLoss,
];
