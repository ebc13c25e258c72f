# `lab down`: nothing of the lab is left but binaries, images and caches. It goes by the lab's fixed names, not by what
# was recorded, so it also cleans up after a start that failed or was killed.

down() {
  local owner node
  owner=$(bridge_owner)
  if [ -n "$owner" ] && [ "$owner" != "$LAB_HOME" ]; then die "the running lab is that of LAB_HOME=$owner"; fi
  if [ -d "$RUN" ]; then
    stop "$RUN/template.pid"
  fi
  for node in "${ALL_NODES[@]}"; do node_kill "$node"; done
  plane_down
  for node in "${ALL_NODES[@]}"; do
    node_network_down "$node"
    cgroup_down "lab-$node"
  done
  kernel_settings_down
  ip link del "$BRIDGE" 2> /dev/null || true
  fence_down # last: as long as anything of the lab runs, its packets stay on this machine
  rm -rf "$STATE"
}
