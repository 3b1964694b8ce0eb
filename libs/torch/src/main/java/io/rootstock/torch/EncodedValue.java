package io.rootstock.torch;

import static io.rootstock.torch.NativeLibraries.MEMORY;
import static io.rootstock.torch.StableAbi.check;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes Java values as libtorch's 64-bit StableIValue and back. The encoded value owns tensors, strings, lists and
 * boxes of optional values: a dispatcher call consumes it; a value that was not consumed must be released.
 */
final class EncodedValue {
    private static final long NONE = 0;

    private EncodedValue() {}

    /** Encodes null, Tensor, Number, Boolean, DType, Device, String, or long[], boolean[], Tensor[] or List of them. */
    static long encode(SchemaType type, Object value, Scratch scratch) throws Throwable {
        if (type.optional()) {
            return value == null ? NONE : boxed(encode(type.required(), value, scratch));
        }
        if (type.list()) {
            return encodeList(type.item(), value, scratch);
        }
        return switch (type.base()) {
            case TENSOR -> ((Tensor) value).duplicateHandle(scratch);
            case INTEGER, LAYOUT, MEMORY_FORMAT -> ((Number) value).longValue();
            case FLOAT -> Double.doubleToRawLongBits(((Number) value).doubleValue());
            case BOOLEAN -> (Boolean) value ? 1 : 0;
            case DTYPE -> ((DType) value).code();
            case DEVICE -> ((Device) value).encoded();
            case STRING -> encodeString((String) value, scratch);
            case GENERATOR -> throw new IllegalArgumentException("a Generator can only be None");
        };
    }

    private static long encodeList(SchemaType item, Object values, Scratch scratch) throws Throwable {
        int size = switch (values) {
            case long[] array -> array.length;
            case boolean[] array -> array.length;
            case Tensor[] array -> array.length;
            case List<?> list -> list.size();
            default -> throw new IllegalArgumentException("not a list: " + values);
        };
        check((int) StableAbi.LIST_NEW.invokeExact((long) size, scratch.result()), "torch_new_list_reserve_size");
        long list = scratch.readResult();
        for (int index = 0; index < size; index++) {
            long encoded = switch (values) {
                case long[] array -> array[index];
                case boolean[] array -> array[index] ? 1 : 0;
                case Tensor[] array -> encode(item, array[index], scratch);
                case List<?> items -> encode(item, items.get(index), scratch);
                default -> throw new IllegalArgumentException("not a list: " + values);
            };
            check((int) StableAbi.LIST_PUSH.invokeExact(list, encoded), "torch_list_push_back");
        }
        return list;
    }

    private static long boxed(long value) throws Throwable {
        long box = (long) StableAbi.OPERATOR_NEW.invokeExact(8L);
        MEMORY.set(JAVA_LONG, box, value);
        return box;
    }

    private static long encodeString(String text, Scratch scratch) throws Throwable {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(bytes.length + 1L);
            copy.copyFrom(MemorySegment.ofArray(bytes));
            check(
                    (int) StableAbi.STRING_NEW.invokeExact(copy.address(), (long) bytes.length, scratch.result()),
                    "torch_new_string_handle");
        }
        return scratch.readResult();
    }

    /** Decodes a result; the Java value takes over the ownership. */
    static Object decode(SchemaType type, long value) throws Throwable {
        if (type.optional()) {
            if (value == NONE) {
                return null;
            }
            Object content = decode(type.required(), MEMORY.get(JAVA_LONG, value));
            StableAbi.OPERATOR_DELETE.invokeExact(value);
            return content;
        }
        if (type.list()) {
            List<Object> items = new ArrayList<>();
            for (long item : items(value)) {
                items.add(decode(type.item(), item));
            }
            check((int) StableAbi.LIST_DELETE.invokeExact(value), "torch_delete_list");
            return items;
        }
        return switch (type.base()) {
            case TENSOR -> new Tensor(value);
            case INTEGER, LAYOUT, MEMORY_FORMAT, DEVICE -> value;
            case DTYPE -> DType.ofCode((int) value);
            case FLOAT -> Double.longBitsToDouble(value);
            case BOOLEAN -> (value & 0xff) != 0;
            case STRING, GENERATOR -> throw new IllegalStateException("results of type " + type + " are not read");
        };
    }

    /** Frees the objects that an encoded value owns. */
    static void release(SchemaType type, long value) throws Throwable {
        if (type.optional()) {
            if (value != NONE) {
                release(type.required(), MEMORY.get(JAVA_LONG, value));
                StableAbi.OPERATOR_DELETE.invokeExact(value);
            }
        } else if (type.list()) {
            for (long item : items(value)) {
                release(type.item(), item);
            }
            check((int) StableAbi.LIST_DELETE.invokeExact(value), "torch_delete_list");
        } else if (type.base() == SchemaType.Base.TENSOR) {
            check((int) StableAbi.DELETE_TENSOR.invokeExact(value), "aoti_torch_delete_tensor_object");
        } else if (type.base() == SchemaType.Base.STRING) {
            check((int) StableAbi.STRING_DELETE.invokeExact(value), "torch_delete_string");
        }
    }

    private static long[] items(long list) throws Throwable {
        Scratch scratch = Scratch.ofThread();
        check((int) StableAbi.LIST_SIZE.invokeExact(list, scratch.result()), "torch_list_size");
        long[] items = new long[(int) scratch.readResult()];
        for (int index = 0; index < items.length; index++) {
            check((int) StableAbi.LIST_GET.invokeExact(list, (long) index, scratch.result()), "torch_list_get_item");
            items[index] = scratch.readResult();
        }
        return items;
    }
}
