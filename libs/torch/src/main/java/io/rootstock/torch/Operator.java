package io.rootstock.torch;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * An operator of libtorch's dispatcher, declared by its schema text in PyTorch's syntax, so that operators of all
 * devices can be called without specific code. Arguments are in schema order; omitted trailing arguments get the
 * schema's defaults. Safe for several threads.
 *
 * <p>Example: {@code Operator.of("aten::mm(Tensor self, Tensor mat2) -> Tensor").call(a, b)}.
 */
public final class Operator {
    private final Schema schema;
    private final long name;
    private final long overload;
    private final SchemaType[] types;

    private Operator(Schema schema) {
        this.schema = schema;
        this.name = Arena.global().allocateFrom(schema.name()).address();
        this.overload = Arena.global().allocateFrom(schema.overload()).address();
        this.types = schema.arguments().stream().map(Schema.Argument::type).toArray(SchemaType[]::new);
        if (Math.max(types.length, schema.results().size()) > Scratch.SLOTS) {
            throw new IllegalArgumentException(schema.name() + " has too many arguments");
        }
    }

    /** Declares the operator of this schema; {@link #require} checks that libtorch has it. */
    public static Operator of(String schema) {
        Torch.start();
        return new Operator(Schema.parse(schema));
    }

    /** Name with the overload, for example {@code aten::mm.out}. */
    public String name() {
        return schema.overload().isEmpty() ? schema.name() : schema.name() + "." + schema.overload();
    }

    /** Calls the operator and returns the first result; the other results are released. */
    public Tensor call(Object... arguments) {
        Scratch scratch = invoke(arguments);
        long first = scratch.read(0);
        releaseResults(scratch, 1);
        return new Tensor(first);
    }

    /** Calls the operator and releases every result: for overloads that write into an argument. */
    public void run(Object... arguments) {
        releaseResults(invoke(arguments), 0);
    }

    /** Calls the operator and returns every result, all of which are tensors. */
    public Tensor[] tensors(Object... arguments) {
        return all(arguments).stream().map(Tensor.class::cast).toArray(Tensor[]::new);
    }

    /** Calls the operator and returns every result. */
    public List<Object> all(Object... arguments) {
        Scratch scratch = invoke(arguments);
        long[] encoded = new long[schema.results().size()];
        for (int index = 0; index < encoded.length; index++) {
            encoded[index] = scratch.read(index);
        }
        List<Object> results = new ArrayList<>();
        NativeCall.run(() -> {
            for (int index = 0; index < encoded.length; index++) {
                results.add(EncodedValue.decode(schema.results().get(index), encoded[index]));
            }
        });
        return results;
    }

    /**
     * Throws if libtorch does not have the operator. Calls it with empty values, so that it is either not found or
     * rejects them: only for operators with tensor arguments.
     */
    public Operator require() {
        Scratch scratch = Scratch.ofThread();
        NativeCall.run(() -> {
            for (int index = 0; index < types.length; index++) {
                scratch.write(index, emptyValue(types[index], scratch));
            }
            long stack = scratch.stack();
            if ((int) StableAbi.CALL_DISPATCHER.invokeExact(name, overload, stack, StableAbi.VERSION) == 0) {
                releaseResults(scratch, 0);
            } else if (notFound(ErrorText.take())) {
                releaseArguments(scratch, types.length);
                throw new LibtorchMissingException(
                        "The libtorch in " + NativeLibraries.directory() + " has no operator " + name() + ".", null);
            }
        });
        return this;
    }

    @Override
    public String toString() {
        return name();
    }

    private Scratch invoke(Object[] arguments) {
        if (arguments.length > types.length) {
            throw new IllegalArgumentException(
                    name() + " takes " + types.length + " arguments, got " + arguments.length);
        }
        Scratch scratch = Scratch.ofThread();
        int encoded = 0;
        try {
            for (; encoded < types.length; encoded++) {
                scratch.write(encoded, EncodedValue.encode(types[encoded], argument(arguments, encoded), scratch));
            }
            int result =
                    (int) StableAbi.CALL_DISPATCHER.invokeExact(name, overload, scratch.stack(), StableAbi.VERSION);
            if (result != 0) {
                String reason = ErrorText.take();
                // libtorch consumed the arguments, unless it did not find the operator
                encoded = notFound(reason) ? types.length : 0;
                throw new TorchException(name(), reason);
            }
            return scratch;
        } catch (Throwable e) {
            try {
                releaseArguments(scratch, encoded);
            } catch (Throwable suppressed) {
                e.addSuppressed(suppressed);
            }
            throw NativeCall.rethrow(e);
        }
    }

    private Object argument(Object[] given, int index) {
        if (index < given.length) {
            return given[index];
        }
        Schema.Argument argument = schema.arguments().get(index);
        if (argument.required()) {
            throw new IllegalArgumentException(name() + " needs its argument " + argument.name());
        }
        return argument.defaultValue();
    }

    private void releaseArguments(Scratch scratch, int count) throws Throwable {
        for (int index = 0; index < count; index++) {
            EncodedValue.release(types[index], scratch.read(index));
        }
    }

    private void releaseResults(Scratch scratch, int from) {
        NativeCall.run(() -> {
            for (int index = from; index < schema.results().size(); index++) {
                EncodedValue.release(schema.results().get(index), scratch.read(index));
            }
        });
    }

    private static boolean notFound(String reason) {
        return reason.contains("Could not find schema");
    }

    private static long emptyValue(SchemaType type, Scratch scratch) throws Throwable {
        if (type.optional()) {
            return 0;
        }
        if (type.list()) {
            return EncodedValue.encode(type, new long[0], scratch);
        }
        return switch (type.base()) {
            case TENSOR -> {
                StableAbi.check(
                        (int) StableAbi.NEW_UNDEFINED.invokeExact(scratch.result()),
                        "aoti_torch_new_uninitialized_tensor");
                yield scratch.readResult();
            }
            case STRING -> EncodedValue.encode(type, "", scratch);
            case INTEGER, FLOAT, BOOLEAN, DTYPE, LAYOUT, MEMORY_FORMAT, DEVICE, GENERATOR -> 0;
        };
    }
}
