package io.rootstock.bench.data.cleaning;

/** Junk that a crawl has. The shares of all kinds sum to 1. */
enum JunkKind {
    BOILERPLATE("lines of navigation, cookies, footers", 0.14),
    EXACT_COPY("exact copies of documents", 0.15),
    NEAR_COPY("near copies of documents", 0.15),
    DAMAGED_CHARACTERS("misread characters in documents", 0.02),
    MISREAD_DOCUMENT("misread documents, another language", 0.08),
    KEYWORDS("keyword lists and symbol runs", 0.12),
    RANDOM_LETTERS("random letters", 0.10),
    OTHER_LANGUAGE("German captions, Korean reviews", 0.14),
    PERSONAL_DATA("lists of personal data", 0.10);

    private final String label;
    private final double share;

    JunkKind(String label, double share) {
        this.label = label;
        this.share = share;
    }

    /** Description in tables. */
    String label() {
        return label;
    }

    /** Share of the bytes of all junk. */
    double share() {
        return share;
    }
}
