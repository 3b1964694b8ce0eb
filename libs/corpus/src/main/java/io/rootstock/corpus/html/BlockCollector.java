package io.rootstock.corpus.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** Divides the visible text below an element into blocks. */
final class BlockCollector {
    private final boolean tables;
    private final Set<Element> boilerplate;
    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private ElementRole kind = ElementRole.BLOCK;
    private int links;
    private int linkLength;
    private boolean keepSpace;
    private boolean itemBegins;

    /**
     * @param tables whether rows of tables are kept
     * @param boilerplate elements to leave out
     */
    BlockCollector(boolean tables, Set<Element> boilerplate) {
        this.tables = tables;
        this.boilerplate = boilerplate;
    }

    List<Block> collect(Element root) {
        readChildren(root);
        end();
        return blocks;
    }

    private void readChildren(Element parent) {
        int size = parent.childNodeSize();
        for (int i = 0; i < size; i++) {
            Node node = parent.childNode(i);
            if (node instanceof TextNode characters) {
                append(characters.getWholeText());
            } else if (node instanceof Element element && !boilerplate.contains(element)) {
                readElement(element);
            }
        }
    }

    private void readElement(Element element) {
        switch (ElementRole.of(element.normalName())) {
            case SKIPPED -> space();
            case BLOCK -> readBlock(element, ElementRole.BLOCK);
            case HEADING -> readBlock(element, ElementRole.HEADING);
            case ITEM -> readItem(element);
            case ROW -> {
                if (tables) {
                    readBlock(element, ElementRole.ROW);
                }
            }
            case CELL -> readCell(element);
            case PREFORMATTED -> {
                boolean outer = keepSpace;
                end();
                keepSpace = true;
                readBlock(element, ElementRole.PREFORMATTED);
                keepSpace = outer;
            }
            case BREAK -> lineBreak();
            case LINK -> {
                links++;
                readChildren(element);
                links--;
            }
            case INLINE -> {
                if (!Boilerplate.isHidden(element)) {
                    readChildren(element);
                }
            }
        }
    }

    private void readBlock(Element element, ElementRole role) {
        if (Boilerplate.isHidden(element)) {
            return;
        }
        ElementRole outer = kind;
        end();
        kind = role;
        readChildren(element);
        end();
        kind = outer;
    }

    /** Reads an item: its first block has the marker. */
    private void readItem(Element item) {
        end();
        itemBegins = true;
        readBlock(item, ElementRole.BLOCK);
        itemBegins = false;
    }

    private void readCell(Element cell) {
        if (kind != ElementRole.ROW || Boilerplate.isHidden(cell)) {
            readBlock(cell, ElementRole.BLOCK);
        } else if (hasBlocks(cell)) {
            readBlock(cell, ElementRole.BLOCK);
        } else {
            if (!isBlank()) {
                trimEnd();
                text.append(" | ");
            }
            readChildren(cell);
        }
    }

    private static boolean hasBlocks(Element cell) {
        for (Element child = cell.firstElementChild(); child != null; child = child.nextElementSibling()) {
            switch (ElementRole.of(child.normalName())) {
                case BLOCK, HEADING, ITEM, ROW, PREFORMATTED -> {
                    return true;
                }
                case SKIPPED, CELL, BREAK, LINK, INLINE -> {}
            }
        }
        return false;
    }

    private void append(String characters) {
        int before = text.length();
        if (keepSpace) {
            text.append(characters);
        } else {
            appendNormalised(characters);
        }
        if (links > 0) {
            linkLength += text.length() - before;
        }
    }

    private void appendNormalised(String characters) {
        int length = characters.length();
        int i = 0;
        while (i < length) {
            int from = i;
            while (i < length && !isSpace(characters.charAt(i))) {
                i++;
            }
            text.append(characters, from, i);
            if (i < length) {
                space();
                i++;
            }
        }
    }

    private static boolean isSpace(char character) {
        return character <= ' ' || character == '\u00A0';
    }

    private void space() {
        int length = text.length();
        if (!keepSpace && length > 0 && text.charAt(length - 1) != ' ' && text.charAt(length - 1) != '\n') {
            text.append(' ');
        }
    }

    private void lineBreak() {
        if (!keepSpace) {
            trimEnd();
        }
        if (!text.isEmpty()) {
            text.append('\n');
        }
    }

    private boolean isBlank() {
        for (int i = 0; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void trimEnd() {
        int length = text.length();
        while (length > 0 && isSpace(text.charAt(length - 1))) {
            length--;
        }
        text.setLength(length);
    }

    /** Ends the current block. */
    private void end() {
        if (!isBlank()) {
            if (keepSpace) {
                trimLines();
            }
            trimEnd();
            ElementRole role = itemBegins && kind == ElementRole.BLOCK ? ElementRole.ITEM : kind;
            blocks.add(new Block(role, text.toString(), Math.min(linkLength, text.length())));
            itemBegins = false;
        }
        text.setLength(0);
        linkLength = 0;
    }

    /** Removes blank lines before preformatted text. */
    private void trimLines() {
        int from = 0;
        for (int i = 0; i < text.length() && isSpace(text.charAt(i)); i++) {
            if (text.charAt(i) == '\n') {
                from = i + 1;
            }
        }
        text.delete(0, from);
    }
}
