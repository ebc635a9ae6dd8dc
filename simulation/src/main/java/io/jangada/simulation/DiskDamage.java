// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.MemoryDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes wrong with a few sectors of a disk whose member is down. Where, chance decides. For one thread.
 */
final class DiskDamage {
    private static final Path LOG = SimulatedMember.DIRECTORY.resolve("wal");
    private static final Path SNAPSHOTS = SimulatedMember.DIRECTORY.resolve("snap");
    private static final String SEGMENT_SUFFIX = ".wal";
    private static final String SNAPSHOT_SUFFIX = ".snap";
    private static final int PLACES_MAX = 3;

    private final Trace trace;
    private final Chance chance;

    /** A byte of a file. */
    private record Place(Path path, long offset) {}

    /** What happens to a file, of which the first {@code bytes} are written. */
    private interface Blow {
        void strike(Path path, long bytes) throws IOException;
    }

    /** Tells {@code trace} of each place, which {@code chance} chooses. */
    DiskDamage(Trace trace, Chance chance) {
        this.trace = trace;
        this.chance = chance;
    }

    /** Turns bits over, or fills sectors with zeros. */
    void change(MemoryDisk disk) {
        strike(disk, files(disk), (path, bytes) -> {
            long offset = chance.below(bytes);
            trace.tell("damage of " + path + " at " + offset);
            if (chance.once(2)) {
                disk.flipBit(path, offset, chance.between(0, 7));
            } else {
                disk.zeroSector(path, offset);
            }
        });
    }

    /** Puts sectors back to what they were before their last write. */
    void loseWrites(MemoryDisk disk) {
        strike(disk, files(disk), (path, bytes) -> {
            long offset = recent(bytes);
            trace.tell("the last write to " + path + " at " + offset + " is lost");
            disk.loseLastWrite(path, offset);
        });
    }

    /** Puts what was last written to sectors somewhere else. */
    void misdirectWrites(MemoryDisk disk) {
        List<Path> files = files(disk);
        strike(disk, files, (path, bytes) -> {
            long offset = recent(bytes);
            Path wrong = chance.oneOf(files);
            long wrongOffset = chance.below(Math.max(1, bytes(disk, wrong)));
            trace.tell("the last write to " + path + " at " + offset + " is at " + wrongOffset
                    + " of " + wrong);
            disk.misdirectLastWrite(path, offset, wrong, wrongOffset);
        });
    }

    /** Makes sectors unreadable: of files that are read at the next start, so that the loss shows at once. */
    void breakSectors(MemoryDisk disk) {
        List<Place> places = new ArrayList<>();
        strike(disk, readAtStart(disk),
                (path, bytes) -> places.add(new Place(path, chance.below(bytes))));
        try {
            for (Place place : places) {
                trace.tell(place.path() + " cannot be read at " + place.offset());
                disk.breakSector(place.path(), place.offset());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Often where the last write went. */
    private long recent(long bytes) {
        return chance.once(2) ? bytes - 1 : chance.below(bytes);
    }

    private void strike(MemoryDisk disk, List<Path> files, Blow blow) {
        try {
            for (int i = chance.between(1, PLACES_MAX); i > 0 && !files.isEmpty(); i--) {
                Path path = chance.oneOf(files);
                long bytes = written(disk, path);
                if (bytes > 0) {
                    blow.strike(path, bytes);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static List<Path> files(MemoryDisk disk) {
        try {
            List<Path> files = new ArrayList<>();
            for (Path directory : List.of(LOG, SNAPSHOTS)) {
                disk.list(directory).forEach(name -> files.add(directory.resolve(name)));
            }
            return files;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The log's segments, and the newest snapshot. */
    private static List<Path> readAtStart(MemoryDisk disk) {
        List<Path> read = new ArrayList<>();
        Path newest = null;
        for (Path path : files(disk)) {
            if (path.toString().endsWith(SEGMENT_SUFFIX)) {
                read.add(path);
            } else if (path.toString().endsWith(SNAPSHOT_SUFFIX)) {
                newest = path;
            }
        }
        if (newest != null) {
            read.add(newest);
        }
        return read;
    }

    private static long bytes(MemoryDisk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path)) {
            return file.bytes();
        }
    }

    /** The bytes up to the last that is not zero: what is behind it nobody reads. */
    private static long written(MemoryDisk disk, Path path) throws IOException {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.bytes());
            try {
                file.read(content, 0);
            } catch (IOException unreadable) {
                return file.bytes(); // It has a sector that was broken before.
            }
            int end = content.capacity();
            while (end > 0 && content.get(end - 1) == 0) {
                end--;
            }
            return end;
        }
    }
}
