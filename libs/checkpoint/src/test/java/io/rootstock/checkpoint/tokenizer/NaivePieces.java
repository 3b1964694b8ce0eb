package io.rootstock.checkpoint.tokenizer;

import io.rootstock.checkpoint.sentencepiece.Piece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tokenizes as llama.cpp's tokenizer model llama does: any two tokens whose texts together are a token of any type merge. */
final class NaivePieces {
    private final Map<String, Integer> ids = new HashMap<>();
    private final PieceForm form;

    NaivePieces(PieceForm form) {
        this.form = form;
        for (int id = 0; id < form.pieces().size(); id++) {
            ids.put(form.pieces().get(id).text(), id);
        }
    }

    /** Returns the tokens of a text without special tokens. */
    int[] encode(String text) {
        if (text.isEmpty()) {
            return new int[0];
        }
        List<String> symbols = ((form.prefix() == PieceForm.Prefix.EVERY_PART ? " " : "") + text)
                .replace(" ", Piece.MARK)
                .codePoints()
                .mapToObj(Character::toString)
                .collect(Collectors.toCollection(ArrayList::new));
        while (true) {
            int best = -1;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                Integer id = ids.get(symbols.get(i) + symbols.get(i + 1));
                if (id != null && (best < 0 || score(id) > score(ids.get(symbols.get(best) + symbols.get(best + 1))))) {
                    best = i;
                }
            }
            if (best < 0) {
                break;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        List<Integer> tokens = new ArrayList<>();
        for (String symbol : symbols) {
            if (ids.containsKey(symbol)) {
                tokens.add(ids.get(symbol));
            } else {
                for (byte value : symbol.getBytes(StandardCharsets.UTF_8)) {
                    tokens.add(ids.get("<0x%02X>".formatted(value)));
                }
            }
        }
        return tokens.stream().mapToInt(id -> id).toArray();
    }

    private float score(int id) {
        return form.pieces().get(id).score();
    }
}
