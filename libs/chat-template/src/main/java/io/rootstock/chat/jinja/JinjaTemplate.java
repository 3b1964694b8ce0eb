package io.rootstock.chat.jinja;

import io.rootstock.chat.jinja.parser.Statement;
import io.rootstock.chat.jinja.parser.StatementParser;
import io.rootstock.chat.jinja.runtime.Globals;
import io.rootstock.chat.jinja.runtime.Output;
import io.rootstock.chat.jinja.runtime.RenderedPiece;
import io.rootstock.chat.jinja.runtime.Renderer;
import io.rootstock.chat.jinja.runtime.Scope;
import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Values;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** A parsed template. Immutable. */
public final class JinjaTemplate {
    /** Maximum characters of a template. */
    private static final int MAX_SOURCE = 1 << 18;

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
        if (source.length() > MAX_SOURCE) {
            throw new JinjaException("the template has " + source.length() + " characters, more than " + MAX_SOURCE, 1);
        }
        return bounded(() -> new JinjaTemplate(StatementParser.parse(source)));
    }

    /**
     * Renders the template.
     *
     * @param variables values created by {@link Values}
     * @param clock clock of {@code strftime_now}
     * @throws JinjaException if the template fails, raises an exception, or exceeds a limit of {@link Budget}
     */
    public List<RenderedPiece> render(Map<String, Object> variables, Clock clock) {
        return bounded(() -> {
            Scope scope = new Scope(Globals.scope(clock));
            variables.forEach(scope::set);
            Output out = new Output();
            new Renderer().run(statements, scope, out);
            return out.written();
        });
    }

    /** Every failure is the template's: errors of conversions, and a stack that is small for the limits. */
    private static <T> T bounded(Supplier<T> work) {
        try {
            return Budget.bounded(work);
        } catch (StackOverflowError _) {
            throw new JinjaException("the template is nested too deep");
        } catch (IllegalArgumentException
                | IndexOutOfBoundsException
                | ArithmeticException
                | ClassCastException
                | NoSuchElementException e) {
            JinjaException failure = new JinjaException("an operation fails: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }
}
