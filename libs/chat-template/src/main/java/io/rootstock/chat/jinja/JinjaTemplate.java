package io.rootstock.chat.jinja;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A template, read once and rendered many times. Immutable. */
public final class JinjaTemplate {
    private final List<Statement> statements;

    private JinjaTemplate(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @throws JinjaException where its syntax is wrong or not supported; with the line
     */
    public static JinjaTemplate parse(String source) {
        return bounded(() -> new JinjaTemplate(StatementParser.parse(source)));
    }

    /**
     * Renders it.
     *
     * @param variables made by {@link Values}
     * @param clock what {@code strftime_now} reads
     * @throws JinjaException where the template fails or refuses
     */
    public List<Written> render(Map<String, Object> variables, Clock clock) {
        Scope scope = new Scope(Globals.scope(clock));
        variables.forEach(scope::set);
        return bounded(() -> {
            Output out = new Output();
            new Renderer().run(statements, scope, out);
            return out.written();
        });
    }

    /** Reading and rendering call themselves for what is nested; a hostile template's depth ends here. */
    private static <T> T bounded(Supplier<T> work) {
        try {
            return work.get();
        } catch (StackOverflowError _) {
            throw new JinjaException("the template is nested too deep");
        }
    }
}
