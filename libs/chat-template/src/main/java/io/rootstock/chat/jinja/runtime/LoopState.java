package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Function;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.List;
import java.util.Optional;

/** The {@code loop} variable. */
final class LoopState {
    private final List<Object> items;
    private final int depth;
    private int index;
    private Object changed;

    LoopState(List<Object> items, int depth) {
        this.items = items;
        this.depth = depth;
    }

    void moveTo(int place) {
        index = place;
    }

    Optional<Object> attribute(String name) {
        long size = items.size();
        return switch (name) {
            case "index" -> Optional.of(index + 1L);
            case "index0" -> Optional.of((long) index);
            case "revindex" -> Optional.of(size - index);
            case "revindex0" -> Optional.of(size - index - 1);
            case "first" -> Optional.of(index == 0);
            case "last" -> Optional.of(index == size - 1);
            case "length" -> Optional.of(size);
            case "depth" -> Optional.of((long) depth);
            case "depth0" -> Optional.of(depth - 1L);
            case "previtem" -> Optional.of(index == 0 ? new Undefined("no previous item") : items.get(index - 1));
            case "nextitem" -> Optional.of(index == size - 1 ? new Undefined("no next item") : items.get(index + 1));
            case "cycle" -> Optional.of((Function) (positional, _) -> cycled(positional));
            case "changed" ->
                Optional.of((Function) (positional, _) -> {
                    boolean different = changed == null || !Operators.equal(changed, positional);
                    changed = positional;
                    return different;
                });
            default -> Optional.empty();
        };
    }

    private Object cycled(List<Object> values) {
        if (values.isEmpty()) {
            throw new JinjaException("no items for cycling given");
        }
        return values.get(index % values.size());
    }
}
