package io.rootstock.inference.completion;

import io.rootstock.inference.canary.TextComparison;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.session.Session;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A request submitted to one version.
 *
 * @param comparison receives the text for the analysis of a canary; empty if it is not compared
 */
record Attempt(
        Session session,
        Prompt prompt,
        List<Generation> generations,
        List<DeltaSplitter> splitters,
        Outputs outputs,
        Optional<Adapters.Lease> adapter,
        Optional<TextComparison> comparison)
        implements AutoCloseable {
    static Attempt of(Session session, Prompt prompt, List<Generation> generations, Optional<Adapters.Lease> adapter) {
        List<Generation> copy = List.copyOf(generations);
        return new Attempt(
                session,
                prompt,
                copy,
                Stream.generate(prompt.splitter()).limit(copy.size()).toList(),
                Outputs.of(copy),
                adapter,
                Optional.empty());
    }

    Attempt comparedBy(Optional<TextComparison> compared) {
        return new Attempt(session, prompt, generations, splitters, outputs, adapter, compared);
    }

    /** Cancels the generations. */
    void cancel() {
        generations.forEach(Generation::cancel);
    }

    /** Frees the slots before their next token, and the model. */
    @Override
    public void close() {
        cancel();
        outputs.close();
        adapter.ifPresent(Adapters.Lease::close);
        session.close();
    }
}
