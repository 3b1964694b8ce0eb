package io.rootstock.corpus.quality;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines of one text that C4's rules keep. Each line is copied to the output, judged there, and cut off if it fails. */
final class C4Lines {
    private static final PhraseFinder PHRASES = new PhraseFinder(
            new String[] {"lorem ipsum"}, new String[] {"javascript"}, new String[] {"{"}, new String[] {
                "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"
            });
    private static final int LOREM_IPSUM = 1;
    private static final int JAVASCRIPT = 2;
    private static final int CURLY_BRACKET = 4;
    private static final int POLICY = 8;

    private final C4QualityFilter rules;
    private final byte[] utf8;
    private final byte[] kept;
    private int length;
    private boolean any;
    private int sentences;

    private int longWords;
    private int unterminated;
    private int shortLines;
    private int javascript;
    private int policies;
    private int citations;

    /** Range of the line without white space around it; its words; whether it has a '['. */
    private int start;

    private int end;
    private int words;
    private boolean longWord;
    private boolean bracket;

    C4Lines(C4QualityFilter rules, byte[] utf8) {
        this.rules = rules;
        this.utf8 = utf8;
        kept = new byte[utf8.length + 1];
    }

    /** Reads all lines and returns why the document is removed; empty if it stays. */
    String filter() {
        int at = 0;
        while (at < utf8.length) {
            at = readLine(at);
            String reason = judge();
            if (!reason.isEmpty()) {
                return reason;
            }
        }
        return sentences < rules.minSentences() ? "too few sentences" : "";
    }

    /** The kept lines, joined by "\n" and trimmed. */
    byte[] kept() {
        int from = 0;
        int to = length;
        while (from < to && isSpace(from)) {
            from += Utf8.width(kept[from]);
        }
        while (to > from && isSpace(Utf8.previous(kept, to))) {
            to = Utf8.previous(kept, to);
        }
        return Arrays.copyOfRange(kept, from, to);
    }

    /** Number of removed lines and citations by rule. */
    Map<String, Integer> edits() {
        Map<String, Integer> edits = new LinkedHashMap<>();
        count(edits, "line with a long word", longWords);
        count(edits, "line without terminal punctuation", unterminated);
        count(edits, "line with few words", shortLines);
        count(edits, "line with javascript", javascript);
        count(edits, "line with a policy", policies);
        count(edits, "citation", citations);
        return edits.isEmpty() ? Map.of("white space", 1) : edits;
    }

    private static void count(Map<String, Integer> edits, String kind, int number) {
        if (number > 0) {
            edits.put(kind, number);
        }
    }

    private boolean isSpace(int at) {
        return (CharacterClass.of(Utf8.codePoint(kept, at)) & CharacterClass.SPACE) != 0;
    }

    /** Finds the line that begins at an offset and returns the beginning of the next one. */
    private int readLine(int from) {
        start = from;
        end = from;
        words = 0;
        longWord = false;
        bracket = false;
        int wordStart = -1;
        int at = from;
        while (at < utf8.length) {
            byte first = utf8[at];
            int classes = first >= 0 ? CharacterClass.ASCII[first] : spaceClasses(first, at);
            if ((classes & CharacterClass.SPACE) == 0) {
                if (wordStart < 0) {
                    wordStart = at;
                    start = words == 0 ? at : start;
                    words++;
                }
                bracket |= first == '[';
                at++;
                continue;
            }
            if (wordStart >= 0) {
                endWord(wordStart, at);
                wordStart = -1;
            }
            at += Utf8.width(first);
            if ((classes & CharacterClass.LINE_BREAK) != 0) {
                return first == '\r' && at < utf8.length && utf8[at] == '\n' ? at + 1 : at;
            }
        }
        if (wordStart >= 0) {
            endWord(wordStart, at);
        }
        return at;
    }

    /** Classes of the code point at an offset if its first byte can begin white space; otherwise 0. */
    private int spaceClasses(byte first, int at) {
        return switch (first & 0xFF) {
            case 0xC2, 0xE1, 0xE2, 0xE3 -> CharacterClass.of(Utf8.codePoint(utf8, at));
            default -> 0;
        };
    }

    private void endWord(int from, int to) {
        end = to;
        int largest = rules.maxWordLength();
        longWord |= largest != 0 && to - from > largest && Utf8.length(utf8, from, to) > largest;
    }

    private String judge() {
        if (longWord) {
            longWords++;
            return "";
        }
        int from = any ? length + 1 : 0;
        int to = copy(from);
        if (rules.requireTerminal() && !isTerminated(from, to)) {
            unterminated++;
            return "";
        }
        if (words < rules.minWordsPerLine()) {
            shortLines++;
            return "";
        }
        int phrases = PHRASES.find(kept, from, to);
        if (phrases != 0) {
            if (rules.removeLoremIpsum() && (phrases & LOREM_IPSUM) != 0) {
                return "lorem ipsum";
            }
            if (rules.removeJavascript() && (phrases & JAVASCRIPT) != 0) {
                javascript++;
                return "";
            }
            if (rules.removeCurlyBrackets() && (phrases & CURLY_BRACKET) != 0) {
                return "curly bracket";
            }
            if (rules.removePolicies() && (phrases & POLICY) != 0) {
                policies++;
                return "";
            }
        }
        sentences += Sentences.count(kept, from, to);
        if (any) {
            kept[length] = '\n';
        }
        any = true;
        length = to;
        return "";
    }

    /** Copies the line to the output, without its citations, and returns the end of the copy. */
    private int copy(int from) {
        if (!bracket || !rules.removeCitations()) {
            System.arraycopy(utf8, start, kept, from, end - start);
            return from + end - start;
        }
        int to = from;
        int at = start;
        while (at < end) {
            int citation = utf8[at] == '[' ? citation(at + 1) : -1;
            if (citation > 0) {
                citations++;
                at = citation;
            } else {
                kept[to++] = utf8[at++];
            }
        }
        return to;
    }

    /** Returns the end of the citation whose text begins at an offset; -1 if it is not one. */
    private int citation(int from) {
        int at = from;
        while (at < end && (CharacterClass.of(Utf8.codePoint(utf8, at)) & CharacterClass.DIGIT) != 0) {
            at += Utf8.width(utf8[at]);
        }
        if (at < end && utf8[at] == ']') {
            return at + 1;
        }
        return isAt("edit]", from) ? from + 5 : isAt("citation needed]", from) ? from + 16 : -1;
    }

    private boolean isAt(String ascii, int at) {
        if (at + ascii.length() > end) {
            return false;
        }
        for (int index = 0; index < ascii.length(); index++) {
            if (utf8[at + index] != ascii.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    private boolean isTerminated(int from, int to) {
        if (to == from) {
            return false;
        }
        return switch (kept[to - 1]) {
            case '?', '!', '"', '\'' -> true;
            case '.' -> to - from < 3 || kept[to - 2] != '.' || kept[to - 3] != '.';
            default -> false;
        };
    }
}
