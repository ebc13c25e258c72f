// Every need that a suite can name.
import { elasticsearch } from './elasticsearch.ts';
import { engine, standIns } from './engine.ts';
import { browser, kpt, networkNamespaces, root, terminal } from './machine.ts';
import type { Need } from './need.ts';
import { apiServer, controllerManager, kubectl } from './programs.ts';

export const allNeeds: readonly Need[] = [
  apiServer,
  browser,
  controllerManager,
  elasticsearch,
  engine,
  kpt,
  kubectl,
  networkNamespaces,
  root,
  standIns,
  terminal,
];
