#!/bin/sh
# Brings the disk that Mooring attaches to this machine to its mount path, at every start. The disk is attached after
# the first start, so this waits for it. A file system is made only on a disk that can be read and has nothing on it.
set -eu

etc=${MOORING_ETC:-/etc/mooring}
by_id=${MOORING_BY_ID:-/dev/disk/by-id}
pause=${MOORING_PAUSE:-5}
path=$(cat "$etc/mount-path")

say() { printf 'mooring-mount: %s\n' "$1" >&2; }

# The names of volumes are "virtio-" and the first 20 characters of a UUID. What is mounted already (the machine's own
# disk, if it is a volume too) is none of ours.
find_disk() {
  disk='' count=0
  for link in "$by_id"/virtio-*; do
    name=${link##*/virtio-}
    if printf '%s\n' "$name" | grep -Eq '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]$' &&
      ! lsblk --noheadings --output MOUNTPOINT "$link" 2>/dev/null | grep -q .; then
      disk=$link count=$((count + 1))
    fi
  done
}

if mountpoint -q "$path" 2>/dev/null; then
  say "something is mounted at the path already"
  exit 0
fi

find_disk
while [ "$count" -ne 1 ]; do
  [ "$count" -eq 0 ] || say "$count disks are there, and which one is meant can't be known; waiting"
  sleep "$pause"
  find_disk
done

# blkid ends with 2 if it found nothing, but also if it could not look: that the disk can be read is proved first.
dd if="$disk" of=/dev/null bs=4096 count=256 status=none
found=0
blkid --probe "$disk" >/dev/null || found=$?
case $found in
  0) say "it has a file system already" ;;
  2)
    signs=$(wipefs --no-act --noheadings "$disk")
    if [ -n "$signs" ]; then
      say "it is not empty, and has no file system that is known: left as it is"
      exit 1
    fi
    mkfs.ext4 -q -m 0 "$disk"
    ;;
  *)
    say "what is on it can't be told (blkid: $found): left as it is"
    exit 1
    ;;
esac

mkdir -p -- "$path"
mount -- "$disk" "$path"
say "mounted"
