// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A bucket's tree while it grows: one open node on each level, the leaf first. A node that is full is
 * written, and named in the node above. Holds one page for each level, whatever the number of rows.
 *
 * <p>A branch never has one child alone, which bbolt does not expect when it merges pages: a full one is
 * written without its last child, which begins the next. Owned by its writer.
 */
final class Tree {
    private static final int CHILDREN_WRITTEN_MIN = 3;

    private final PageSink pages;
    private final List<Level> levels = new ArrayList<>();

    /** A row of a leaf, or a child of a branch: then the value is its page. */
    private record Element(int flags, ByteBuffer key, ByteBuffer value, long child) {
        int bytes(boolean isLeaf) {
            return Format.ELEMENT_BYTES + key.remaining() + (isLeaf ? value.remaining() : 0);
        }
    }

    private static final class Level {
        private final boolean isLeaf;
        private final List<Element> elements = new ArrayList<>();
        private int bytes = Format.PAGE_HEADER_BYTES;

        Level(boolean isLeaf) {
            this.isLeaf = isLeaf;
        }

        void add(Element element) {
            elements.add(element);
            bytes += element.bytes(isLeaf);
        }

        boolean isFullFor(Element element) {
            return bytes + element.bytes(isLeaf) > PageSink.PAGE_BYTES
                    && elements.size() >= (isLeaf ? 1 : CHILDREN_WRITTEN_MIN);
        }
    }

    Tree(PageSink pages) {
        this.pages = pages;
        levels.add(new Level(true));
    }

    /** Adds a row, whose key is after all others; keeps the buffers until its page is written. */
    void add(int flags, ByteBuffer key, ByteBuffer value) throws IOException {
        add(0, new Element(flags, key, value, 0));
    }

    private void add(int level, Element element) throws IOException {
        Level open = levels.get(level);
        if (open.isFullFor(element)) {
            Element kept = open.isLeaf ? null : open.elements.removeLast();
            raise(level);
            if (kept != null) {
                open.add(kept);
            }
        }
        open.add(element);
    }

    /** Writes the open node of {@code level}, names it above, and leaves it empty. */
    private void raise(int level) throws IOException {
        ByteBuffer first = levels.get(level).elements.getFirst().key;
        long page = write(levels.get(level));
        if (level + 1 == levels.size()) {
            levels.add(new Level(false));
        }
        add(level + 1, new Element(0, first, ByteBuffer.allocate(0), page));
    }

    /** Writes what is open; returns the root page. */
    long finish() throws IOException {
        int top = 0;
        for (; top + 1 < levels.size(); top++) {
            raise(top);
        }
        return write(levels.get(top));
    }

    private long write(Level level) throws IOException {
        int bytes = Format.PAGE_HEADER_BYTES;
        for (Element element : level.elements) {
            bytes += element.bytes(level.isLeaf);
        }
        ByteBuffer run = Format.allocate(bytes);
        run.putLong(pages.nextPage()).putShort((short) (level.isLeaf ? Format.LEAF : Format.BRANCH))
                .putShort((short) level.elements.size()).putInt(PageSink.pages(bytes) - 1);
        int content = run.position() + level.elements.size() * Format.ELEMENT_BYTES;
        for (Element element : level.elements) {
            int position = content - run.position();
            if (level.isLeaf) {
                run.putInt(element.flags).putInt(position).putInt(element.key.remaining())
                        .putInt(element.value.remaining());
            } else {
                run.putInt(position).putInt(element.key.remaining()).putLong(element.child);
            }
            content += element.bytes(level.isLeaf) - Format.ELEMENT_BYTES;
        }
        for (Element element : level.elements) {
            run.put(element.key.duplicate());
            if (level.isLeaf) {
                run.put(element.value.duplicate());
            }
        }
        level.elements.clear();
        level.bytes = Format.PAGE_HEADER_BYTES;
        return pages.write(run.flip());
    }
}
