package io.rootstock.chat.jinja.value;

import java.util.ArrayList;
import java.util.List;

/** Items and slices of strings and lists as in Python: indices count code points, negative ones from the end. */
public final class Slices {
    private Slices() {}

    public static int length(Text text) {
        String flat = text.toString();
        Budget.read(flat.length());
        return flat.codePointCount(0, flat.length());
    }

    static List<Object> characters(Text text) {
        List<Object> characters = new ArrayList<>();
        String flat = text.toString();
        for (int i = 0; i < flat.length(); ) {
            int next = flat.offsetByCodePoints(i, 1);
            characters.add(text.substring(i, next));
            i = next;
        }
        return characters;
    }

    public static Object item(Object value, long index) {
        int size = value instanceof Text text ? length(text) : ((List<?>) value).size();
        long at = index < 0 ? index + size : index;
        if (at < 0 || at >= size) {
            return new Undefined(Python.type(value) + " object has no element " + index);
        }
        if (value instanceof Text text) {
            String flat = text.toString();
            int start = flat.offsetByCodePoints(0, (int) at);
            return text.substring(start, flat.offsetByCodePoints(start, 1));
        }
        return ((List<?>) value).get((int) at);
    }

    /** {@code value[from:to:step]}; a missing bound is None. */
    public static Object slice(Object value, Object from, Object to, Object step) {
        return switch (value) {
            case Text text
            when bound(step, 1) == 1 -> {
                String flat = text.toString();
                int size = length(text);
                long first = clamped(bound(from, 0), from, size, 0, size);
                long last = clamped(bound(to, size), to, size, 0, size);
                yield first >= last
                        ? text.substring(0, 0)
                        : text.substring(
                                flat.offsetByCodePoints(0, (int) first), flat.offsetByCodePoints(0, (int) last));
            }
            case Text text -> {
                List<Text> picked = new ArrayList<>();
                for (Object character : pick(characters(text), from, to, step)) {
                    picked.add((Text) character);
                }
                // An empty slice keeps its source.
                yield picked.isEmpty() ? text.substring(0, 0) : joined(text, picked);
            }
            case List<?> list -> pick(list, from, to, step);
            case Undefined undefined -> throw undefined.error();
            default -> throw new JinjaException("'" + Python.type(value) + "' object is not subscriptable");
        };
    }

    /** Joins characters of one string; neighbours with equal source become one piece. */
    private static Text joined(Text whole, List<Text> characters) {
        if (whole.pieces().size() == 1) {
            StringBuilder flat = new StringBuilder();
            characters.forEach(flat::append);
            return Text.of(flat.toString(), whole.pieces().getFirst().source());
        }
        return Text.join(characters);
    }

    private static List<Object> pick(List<?> items, Object fromBound, Object toBound, Object stepBound) {
        // The clamp keeps the sum of an index and the step within long.
        long step = Math.clamp(bound(stepBound, 1), -(long) Integer.MAX_VALUE, Integer.MAX_VALUE);
        if (step == 0) {
            throw new JinjaException("slice step cannot be zero");
        }
        int size = items.size();
        long first = step > 0 ? 0 : -1;
        long last = step > 0 ? size : size - 1;
        long from = clamped(bound(fromBound, step > 0 ? 0 : Long.MAX_VALUE), fromBound, size, first, last);
        long to = toBound instanceof None
                ? (step > 0 ? size : -1)
                : clamped(bound(toBound, 0), toBound, size, first, last);
        List<Object> picked = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            picked.add(items.get((int) i));
        }
        Budget.items(picked.size());
        return picked;
    }

    private static long clamped(long bound, Object given, int size, long first, long last) {
        long absolute = bound < 0 && !(given instanceof None) ? bound + size : bound;
        return Math.clamp(absolute, first, last);
    }

    private static long bound(Object bound, long standard) {
        return switch (bound) {
            case None _ -> standard;
            case Long number -> number;
            case Boolean truth -> truth ? 1 : 0;
            case Undefined undefined -> throw undefined.error();
            default -> throw new JinjaException("slice indices must be integers");
        };
    }
}
