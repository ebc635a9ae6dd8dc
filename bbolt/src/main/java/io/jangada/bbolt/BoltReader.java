// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file that a stranger may have made, or a disk have damaged: every length and page is checked
 * before it is used, no page is read twice, and nothing is allocated that the file is too small for. What
 * is found wrong is a {@link BoltDamagedException}, nothing else.
 *
 * <p>It reads positions of the file and leaves its own position alone, and does not close it. Free pages
 * are not looked at. A bucket in a bucket is refused: etcd has none. Belongs to one thread.
 */
public final class BoltReader {
    private static final int DEPTH_MAX = 64;

    private final FileChannel file;
    private final Meta meta;
    /** What was read since the pass began. */
    private final BitSet seen = new BitSet();
    private @Nullable ByteBuffer lastKey;

    /** Told of the elements of leaves. */
    private interface Elements {
        void element(Node leaf, int element) throws IOException;
    }

    private BoltReader(FileChannel file, Meta meta) {
        this.file = file;
        this.meta = meta;
    }

    /**
     * Looks for the metas.
     *
     * @param fileBytes how much of {@code file} there is to read; something else may follow
     * @throws BoltDamagedException if no meta is sound, or the file is shorter than it says
     */
    public static BoltReader open(FileChannel file, long fileBytes) throws IOException {
        Optional<Meta> best = meta(file, 0, fileBytes);
        for (int bytes = Format.PAGE_BYTES_MIN; bytes <= Format.PAGE_BYTES_MAX; bytes *= 2) {
            int pageBytes = bytes;
            Optional<Meta> second = meta(file, bytes, fileBytes)
                    .filter(one -> one.pageBytes() == pageBytes);
            if (second.isPresent() && (best.isEmpty()
                    || second.get().transaction() > best.get().transaction())) {
                best = second;
            }
        }
        Meta meta = best.orElseThrow(() -> new BoltDamagedException(0,
                "no sound meta page: not a file of bbolt's, or damaged"));
        long pagesMax = Math.min(fileBytes / meta.pageBytes(), Integer.MAX_VALUE);
        if (meta.pages() < Format.FIRST_PAGE || meta.pages() > pagesMax) {
            throw new BoltDamagedException(0, "a meta that speaks of " + meta.pages()
                    + " pages in a file of " + pagesMax);
        }
        return new BoltReader(file, meta);
    }

    private static Optional<Meta> meta(FileChannel file, long at, long fileBytes)
            throws IOException {
        int bytes = Format.PAGE_HEADER_BYTES + Format.META_BYTES;
        if (at + bytes > fileBytes) {
            return Optional.empty();
        }
        ByteBuffer page = Format.allocate(bytes);
        return readFully(file, at, page) ? Meta.decode(page.flip()) : Optional.empty();
    }

    private static boolean readFully(FileChannel file, long at, ByteBuffer into)
            throws IOException {
        long from = at;
        while (into.hasRemaining()) {
            int read = file.read(into, from);
            if (read < 0) {
                return false;
            }
            from += read;
        }
        return true;
    }

    /**
     * Tells {@code visitor} everything, once.
     *
     * @throws BoltDamagedException if something in it is wrong; what was told before is then of no worth
     */
    public void read(BoltVisitor visitor) throws IOException {
        seen.clear();
        lastKey = null;
        walk(meta.root(), 0, (leaf, element) -> {
            if (!leaf.isBucket(element)) {
                throw new BoltDamagedException(leaf.id(),
                        "element " + element + " of the root is not a bucket");
            }
            ByteBuffer names = leaf.key(element);
            bucket(leaf, element, visitor);
            lastKey = names;
        });
    }

    private void bucket(Node in, int element, BoltVisitor visitor) throws IOException {
        ByteBuffer value = in.value(element).order(in.bytes().order());
        if (value.remaining() < Format.BUCKET_BYTES) {
            throw new BoltDamagedException(in.id(), "element " + element + ": a bucket of "
                    + value.remaining() + " bytes, at least " + Format.BUCKET_BYTES);
        }
        visitor.bucket(StandardCharsets.ISO_8859_1.decode(in.key(element)).toString());
        lastKey = null;
        Elements rows = (leaf, row) -> {
            if (leaf.isBucket(row)) {
                throw new BoltDamagedException(leaf.id(),
                        "element " + row + " is a bucket in a bucket");
            }
            visitor.row(leaf.key(row), leaf.value(row));
        };
        long root = value.getLong(0);
        if (root != 0) {
            walk(root, 0, rows);
            return;
        }
        Node inlined = Node.of(in.id(), value.slice(Format.BUCKET_BYTES,
                value.remaining() - Format.BUCKET_BYTES).order(value.order()));
        if (!inlined.isLeaf()) {
            throw new BoltDamagedException(in.id(), "a bucket is inlined, but not a leaf");
        }
        leaf(inlined, rows);
    }

    private void walk(long id, int depth, Elements elements) throws IOException {
        if (depth > DEPTH_MAX) {
            throw new BoltDamagedException(id, "a tree deeper than " + DEPTH_MAX + " pages");
        }
        Node node = load(id);
        if (node.isLeaf()) {
            leaf(node, elements);
            return;
        }
        for (int i = 0; i < node.count(); i++) {
            walk(node.child(i), depth + 1, elements);
        }
    }

    private void leaf(Node node, Elements elements) throws IOException {
        for (int i = 0; i < node.count(); i++) {
            ByteBuffer key = node.key(i);
            if (lastKey != null && Format.compare(lastKey, key) >= 0) {
                throw new BoltDamagedException(node.id(),
                        "the key of element " + i + " is not after the one before it");
            }
            elements.element(node, i);
            lastKey = key;
        }
    }

    private Node load(long id) throws IOException {
        if (id < Format.FIRST_PAGE || id >= meta.pages()) {
            throw new BoltDamagedException(id, "is named, but not in [" + Format.FIRST_PAGE + ", "
                    + meta.pages() + ")");
        }
        ByteBuffer page = Format.allocate(meta.pageBytes());
        read(id, id * meta.pageBytes(), page);
        if (page.getLong(0) != id) {
            throw new BoltDamagedException(id, "calls itself page " + page.getLong(0));
        }
        long overflow = Integer.toUnsignedLong(page.getInt(12));
        long bytes = (overflow + 1) * meta.pageBytes();
        if (id + overflow >= meta.pages() || bytes > Format.RUN_BYTES_MAX) {
            throw new BoltDamagedException(id, "overflows into " + overflow
                    + " pages, beyond page " + meta.pages() + " or " + Format.RUN_BYTES_MAX
                    + " bytes");
        }
        for (long one = id; one <= id + overflow; one++) {
            if (seen.get((int) one)) {
                throw new BoltDamagedException(one, "belongs to more than one place");
            }
            seen.set((int) one);
        }
        if (overflow == 0) {
            return Node.of(id, page.clear());
        }
        ByteBuffer run = Format.allocate((int) bytes).put(page.clear());
        read(id, (id + 1) * meta.pageBytes(), run);
        return Node.of(id, run.clear());
    }

    private void read(long id, long at, ByteBuffer into) throws IOException {
        if (!readFully(file, at, into)) {
            throw new BoltDamagedException(id, "the file ends in it");
        }
    }
}
