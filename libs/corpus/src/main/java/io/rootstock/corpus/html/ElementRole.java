package io.rootstock.corpus.html;

import java.util.HashMap;
import java.util.Map;

/** The role of an HTML element in the extraction of text. */
enum ElementRole {
    /** Never content: scripts, forms, navigation. */
    SKIPPED,
    /** Begins and ends a block of text. */
    BLOCK,
    /** Title of a section. */
    HEADING,
    /** Item of a list. */
    ITEM,
    /** Row of a table. */
    ROW,
    /** Cell of a table. */
    CELL,
    /** Text whose white space is kept. */
    PREFORMATTED,
    BREAK,
    LINK,
    /** Part of the text around it. */
    INLINE;

    private static final Map<String, ElementRole> ROLES = new HashMap<>();

    static {
        add(
                SKIPPED,
                "script style noscript template nav footer aside form button select input textarea option optgroup"
                        + " datalist iframe frame frameset noframes svg math canvas object embed applet video audio source"
                        + " track map area dialog head title meta link menu progress meter rp img picture colgroup col");
        add(
                BLOCK,
                "address article blockquote body center dd details dir div dl dt fieldset figcaption figure header"
                        + " hgroup hr html legend main ol p section summary table tbody tfoot thead caption ul search");
        add(HEADING, "h1 h2 h3 h4 h5 h6");
        add(ITEM, "li");
        add(ROW, "tr");
        add(CELL, "td th");
        add(PREFORMATTED, "pre listing plaintext xmp");
        add(BREAK, "br");
        add(LINK, "a");
    }

    private static void add(ElementRole role, String names) {
        for (String name : names.split(" ", -1)) {
            ROLES.put(name, role);
        }
    }

    /** Returns the role of an element with a lower-case name. */
    static ElementRole of(String name) {
        return ROLES.getOrDefault(name, INLINE);
    }
}
