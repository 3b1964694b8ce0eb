package io.rootstock.bench.data.cleaning;

import io.rootstock.bench.data.cleaning.CleanTexts.CleanText;
import io.rootstock.bench.data.cleaning.PlantedDocument.Inserted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Plants junk into clean texts and between them. */
final class Planting {
    private static final int MIN_MISREAD_CHARACTERS = 8;

    private final List<CleanText> clean;
    private final JunkText junk;
    private final SplittableRandom random;
    private final double junkBytes;
    private final SiteLines sites;
    private final List<PlantedDocument> pages = new ArrayList<>();
    private final List<Placed> placed = new ArrayList<>();

    /** A document with its place in the order, 0 to 1. */
    private record Placed(double place, PlantedDocument document) {}

    Planting(List<CleanText> clean, JunkText junk, SplittableRandom random) {
        this.clean = clean;
        this.junk = junk;
        this.random = random;
        long bytes = clean.stream()
                .mapToLong(text -> PlantedDocument.bytes(text.text()))
                .sum();
        this.junkBytes = bytes * DirtyCorpus.JUNK_SHARE / (1 - DirtyCorpus.JUNK_SHARE);
        this.sites = new SiteLines(random.split());
    }

    /** Returns the documents in a random order in which each copy follows its original. */
    List<PlantedDocument> plant() {
        for (CleanText text : clean) {
            pages.add(new PlantedDocument(text.origin(), Optional.empty(), text.text(), List.of()));
        }
        insert(JunkKind.DAMAGED_CHARACTERS);
        insert(JunkKind.BOILERPLATE);
        pages.forEach(page -> placed.add(new Placed(random.nextDouble(), page)));
        for (JunkKind kind : JunkKind.values()) {
            if (kind != JunkKind.DAMAGED_CHARACTERS && kind != JunkKind.BOILERPLATE) {
                add(kind);
            }
        }
        placed.sort(Comparator.comparingDouble(Placed::place));
        return placed.stream().map(Placed::document).toList();
    }

    /** Inserts junk into clean texts, drawn without repetition, until the kind has its share. */
    private void insert(JunkKind kind) {
        List<Integer> left =
                new ArrayList<>(IntStream.range(0, pages.size()).boxed().toList());
        long bytes = 0;
        while (bytes < junkBytes * kind.share()) {
            if (left.isEmpty()) {
                throw new IllegalStateException("the texts have room for %d of %.0f bytes of %s"
                        .formatted(bytes, junkBytes * kind.share(), kind.label()));
            }
            int last = left.size() - 1;
            int drawn = random.nextInt(left.size());
            int number = left.set(drawn, left.get(last));
            left.remove(last);
            PlantedDocument page = pages.get(number);
            pages.set(number, kind == JunkKind.BOILERPLATE ? framed(page) : damaged(page));
            bytes += pages.get(number).bytes(kind);
        }
    }

    private PlantedDocument framed(PlantedDocument page) {
        SiteLines.Site site = sites.next();
        List<Inserted> inserted = new ArrayList<>(page.inserted());
        StringBuilder text = new StringBuilder();
        for (String line : site.before()) {
            inserted.add(new Inserted(JunkKind.BOILERPLATE, line + "\n"));
            text.append(line).append('\n');
        }
        text.append(page.text());
        for (String line : site.after()) {
            inserted.add(new Inserted(JunkKind.BOILERPLATE, "\n" + line));
            text.append('\n').append(line);
        }
        return new PlantedDocument(page.origin(), Optional.empty(), text.toString(), inserted);
    }

    /** Misreads all characters outside of ASCII, if there are enough of them. */
    private static PlantedDocument damaged(PlantedDocument page) {
        if (page.text().codePoints().filter(character -> character >= 0x80).count() < MIN_MISREAD_CHARACTERS) {
            return page;
        }
        List<Inserted> inserted = new ArrayList<>(page.inserted());
        StringBuilder text = new StringBuilder();
        page.text().codePoints().forEach(character -> {
            if (character < 0x80) {
                text.appendCodePoint(character);
            } else {
                String misread = Mojibake.misread(Character.toString(character));
                inserted.add(new Inserted(JunkKind.DAMAGED_CHARACTERS, misread));
                text.append(misread);
            }
        });
        return new PlantedDocument(page.origin(), Optional.empty(), text.toString(), inserted);
    }

    /** Adds documents that are junk as a whole until the kind has its share. */
    private void add(JunkKind kind) {
        long bytes = 0;
        while (bytes < junkBytes * kind.share()) {
            int number = random.nextInt(clean.size());
            double original = placed.get(number).place();
            Placed added = switch (kind) {
                case EXACT_COPY ->
                    new Placed(
                            random.nextDouble(original, 1),
                            copy(kind, number, pages.get(number).text()));
                case NEAR_COPY ->
                    new Placed(
                            random.nextDouble(original, 1),
                            copy(
                                    kind,
                                    number,
                                    junk.edited(
                                            clean.get(number).text(),
                                            clean.get(random.nextInt(clean.size()))
                                                    .text())));
                case MISREAD_DOCUMENT -> whole(kind, junk.misread());
                case KEYWORDS -> whole(kind, junk.keywords());
                case RANDOM_LETTERS -> whole(kind, junk.letters());
                case OTHER_LANGUAGE -> whole(kind, junk.otherLanguage());
                case PERSONAL_DATA -> whole(kind, junk.personalData());
                case BOILERPLATE, DAMAGED_CHARACTERS -> throw new IllegalArgumentException(kind + " has no documents");
            };
            placed.add(added);
            bytes += added.document().bytes();
        }
    }

    private PlantedDocument copy(JunkKind kind, int number, String text) {
        return new PlantedDocument(clean.get(number).origin(), Optional.of(kind), text, List.of());
    }

    private Placed whole(JunkKind kind, String text) {
        return new Placed(random.nextDouble(), new PlantedDocument("", Optional.of(kind), text, List.of()));
    }
}
