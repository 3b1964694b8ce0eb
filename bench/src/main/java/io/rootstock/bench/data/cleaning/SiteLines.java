package io.rootstock.bench.data.cleaning;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Lines around the text of web pages. A site repeats its lines on all of its pages; few sites have most of the pages. */
final class SiteLines {
    private static final int SITES = 24;
    private static final List<String> NAMES =
            List.of("Daily", "Morning", "Northern", "Harbour", "Open", "Metro", "Valley", "Union");
    private static final List<String> KINDS = List.of("Courier", "Reader", "Library", "Post", "Weekly", "Archive");
    private static final List<String> HEADERS = List.of(
            "Home | News | Sport | Business | Culture | %s Plus | Sign in",
            "Skip to main content",
            "You are here: Home > %s > Articles",
            "Search the %s",
            "Share this page: Facebook Twitter Pinterest Email",
            "Menu: Latest, Most read, Video, Podcasts, Newsletters of the %s");
    private static final List<String> FOOTERS = List.of(
            "This website uses cookies to ensure that you get the best experience on %s. Accept all | Reject | Settings",
            "(c) 2009-2026 %s Media Ltd. All rights reserved. Terms of use | Privacy policy | Contact",
            "Subscribe to the newsletter of the %s and never miss a story.",
            "Read more on %s: Most popular | Latest | Archive",
            "Advertisement",
            "Loading comments...",
            "Please enable JavaScript to view the comments.",
            "Download the app of the %s for iOS and Android.");

    private final SplittableRandom random;
    private final List<Site> sites = new ArrayList<>();

    /** Lines of a page before and after its text. */
    record Site(List<String> before, List<String> after) {}

    SiteLines(SplittableRandom random) {
        this.random = random;
        for (int site = 0; site < SITES; site++) {
            String name = NAMES.get(site % NAMES.size()) + " " + KINDS.get(site / NAMES.size() * 2 + site % 2);
            sites.add(new Site(lines(HEADERS, name, 1, 3), lines(FOOTERS, name, 2, 4)));
        }
    }

    private List<String> lines(List<String> forms, String name, int least, int most) {
        List<String> left = new ArrayList<>(forms);
        List<String> lines = new ArrayList<>();
        int count = random.nextInt(least, most + 1);
        for (int line = 0; line < count; line++) {
            lines.add(left.remove(random.nextInt(left.size())).formatted(name));
        }
        return lines;
    }

    /** Draws the site of a page. */
    Site next() {
        double draw = random.nextDouble();
        return sites.get((int) (SITES * draw * draw));
    }
}
