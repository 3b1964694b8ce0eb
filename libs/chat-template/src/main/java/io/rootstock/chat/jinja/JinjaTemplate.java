package io.rootstock.chat.jinja;

import io.rootstock.chat.jinja.parser.Statement;
import io.rootstock.chat.jinja.parser.StatementParser;
import io.rootstock.chat.jinja.runtime.Globals;
import io.rootstock.chat.jinja.runtime.Output;
import io.rootstock.chat.jinja.runtime.RenderedPiece;
import io.rootstock.chat.jinja.runtime.Renderer;
import io.rootstock.chat.jinja.runtime.Scope;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Values;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A parsed template. Immutable. */
public final class JinjaTemplate {
    private final List<Statement> statements;

    private JinjaTemplate(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Parses a template.
     *
     * @throws JinjaException with the line, if the syntax is invalid or not supported
     */
    public static JinjaTemplate parse(String source) {
        return bounded(() -> new JinjaTemplate(StatementParser.parse(source)));
    }

    /**
     * Renders the template.
     *
     * @param variables values created by {@link Values}
     * @param clock clock of {@code strftime_now}
     * @throws JinjaException if the template fails or raises an exception
     */
    public List<RenderedPiece> render(Map<String, Object> variables, Clock clock) {
        Scope scope = new Scope(Globals.scope(clock));
        variables.forEach(scope::set);
        return bounded(() -> {
            Output out = new Output();
            new Renderer().run(statements, scope, out);
            return out.written();
        });
    }

    /** Limits nesting: parser and renderer are recursive, and a hostile template must not overflow the stack. */
    private static <T> T bounded(Supplier<T> work) {
        try {
            return work.get();
        } catch (StackOverflowError _) {
            throw new JinjaException("the template is nested too deep");
        }
    }
}
