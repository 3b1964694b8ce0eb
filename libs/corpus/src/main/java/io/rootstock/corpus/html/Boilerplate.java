package io.rootstock.corpus.html;

import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Attributes;
import org.jsoup.nodes.Element;

/** Tells elements that are hidden, or that their class, id or ARIA role names as navigation and the like. */
final class Boilerplate {
    private static final Set<String> WORDS = words(
            "nav navbar navigation navlinks menu submenu sidebar sidenav footer breadcrumb breadcrumbs cookie cookies"
                    + " consent gdpr share sharing sharebar social socials addthis related recommended promo promotion"
                    + " advert advertisement ads adsense sponsor sponsored popup modal overlay pagination pager newsletter"
                    + " subscribe subscription signup signin login toolbar banner masthead skiplink headerlink linenos"
                    + " noprint editsection disqus respond widget widgets toc topbar searchbox sphinxsidebar rst-versions"
                    + " admonition-todo comment comments commentlist tags taglist byline metadata-links hidden"
                    + " visually-hidden sr-only screen-reader screen-reader-text");
    private static final Set<String> ROLES =
            words("navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar");
    private static final Set<String> NEGATIONS = words("has with no without is not");

    private Boilerplate() {}

    private static Set<String> words(String list) {
        return Set.of(list.split(" ", -1));
    }

    /** Whether an element is not visible. */
    static boolean isHidden(Element element) {
        if (element.attributesSize() == 0) {
            return false;
        }
        Attributes attributes = element.attributes();
        if (attributes.hasKey("hidden") || attributes.get("aria-hidden").equals("true")) {
            return true;
        }
        String style = attributes.get("style");
        if (style.isEmpty()) {
            return false;
        }
        String plain = style.replace(" ", "").toLowerCase(Locale.ROOT);
        return plain.contains("display:none") || plain.contains("visibility:hidden");
    }

    /** Whether class, id or role of an element name boilerplate. */
    static boolean isNamedSo(Element element) {
        if (element.attributesSize() == 0) {
            return false;
        }
        Attributes attributes = element.attributes();
        return hasWord(attributes.get("class"))
                || hasWord(attributes.get("id"))
                || ROLES.contains(attributes.get("role"));
    }

    private static boolean hasWord(String names) {
        int from = 0;
        for (int to = 0; to <= names.length(); to++) {
            if (to == names.length() || Character.isWhitespace(names.charAt(to))) {
                if (to > from && isWord(names.substring(from, to).toLowerCase(Locale.ROOT))) {
                    return true;
                }
                from = to + 1;
            }
        }
        return false;
    }

    /** Whether a name is a word of the list, or begins or ends with one: {@code "post-comments"}, {@code "nav_main"}. */
    private static boolean isWord(String name) {
        if (WORDS.contains(name)) {
            return true;
        }
        int first = 0;
        while (first < name.length() && isNamePart(name.charAt(first))) {
            first++;
        }
        if (first == name.length()) {
            return false;
        }
        int last = name.length();
        while (last > first && isNamePart(name.charAt(last - 1))) {
            last--;
        }
        String begin = name.substring(0, first);
        return !NEGATIONS.contains(begin) && (WORDS.contains(begin) || WORDS.contains(name.substring(last)));
    }

    private static boolean isNamePart(char character) {
        return character != '-' && character != '_' && character != ':';
    }
}
