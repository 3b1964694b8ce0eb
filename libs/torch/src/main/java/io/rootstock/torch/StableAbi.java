package io.rootstock.torch;

import static io.rootstock.torch.NativeLibraries.function;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import java.lang.invoke.MethodHandle;

/**
 * C functions of libtorch's stable ABI in use. Handles and addresses are longs; the int result is 0 for success. All
 * operators are called through the dispatcher.
 */
final class StableAbi {
    /** ABI version of this libtorch, which each dispatcher call passes back. */
    static final long VERSION = version();

    static final MethodHandle CALL_DISPATCHER =
            function("torch_call_dispatcher", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle NEW_HANDLE = function("aoti_torch_new_tensor_handle", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle NEW_UNDEFINED = function("aoti_torch_new_uninitialized_tensor", JAVA_INT, JAVA_LONG);
    static final MethodHandle DELETE_TENSOR = function("aoti_torch_delete_tensor_object", JAVA_INT, JAVA_LONG);
    static final MethodHandle IS_DEFINED = function("aoti_torch_is_defined", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle DATA = function("aoti_torch_get_data_ptr", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle DIMENSIONS = function("aoti_torch_get_dim", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle ELEMENTS = function("aoti_torch_get_numel", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle SIZES = function("aoti_torch_get_sizes", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle STRIDES = function("aoti_torch_get_strides", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle DTYPE = function("aoti_torch_get_dtype", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle DEVICE_TYPE = function("aoti_torch_get_device_type", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle IS_CONTIGUOUS = function("aoti_torch_is_contiguous", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle EMPTY = function(
            "aoti_torch_empty_strided",
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG);
    static final MethodHandle FROM_BLOB = function(
            "aoti_torch_create_tensor_from_blob",
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_LONG);
    static final MethodHandle REINTERPRET = function(
            "aoti_torch__reinterpret_tensor",
            JAVA_INT,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG);
    static final MethodHandle ZERO = function("aoti_torch_zero_", JAVA_INT, JAVA_LONG);
    static final MethodHandle COPY = function("aoti_torch_copy_", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    static final MethodHandle ASSIGN = function("aoti_torch_assign_tensors", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle SUBTRACT =
            function("aoti_torch_aten_subtract_Tensor", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_DOUBLE, JAVA_LONG);
    static final MethodHandle ADDMM_OUT = function(
            "aoti_torch_addmm_out", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT, JAVA_FLOAT);
    static final MethodHandle REQUIRES_GRAD = function("torch_set_requires_grad", JAVA_INT, JAVA_LONG, JAVA_BOOLEAN);
    static final MethodHandle GRAD_MODE = function("aoti_torch_grad_mode_set_enabled", null, JAVA_BOOLEAN);

    static final MethodHandle LIST_NEW = function("torch_new_list_reserve_size", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LIST_PUSH = function("torch_list_push_back", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LIST_SIZE = function("torch_list_size", JAVA_INT, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LIST_GET = function("torch_list_get_item", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle LIST_DELETE = function("torch_delete_list", JAVA_INT, JAVA_LONG);
    static final MethodHandle STRING_NEW =
            function("torch_new_string_handle", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    static final MethodHandle STRING_DELETE = function("torch_delete_string", JAVA_INT, JAVA_LONG);

    /** C++ operator new and delete: optional arguments are boxes that libtorch frees with delete. */
    static final MethodHandle OPERATOR_NEW = function("_Znwm", JAVA_LONG, JAVA_LONG);

    static final MethodHandle OPERATOR_DELETE = function("_ZdlPv", null, JAVA_LONG);

    private StableAbi() {}

    /** Throws an exception with libtorch's error text if a C function failed. */
    static void check(int result, String operation) {
        if (result != 0) {
            throw new TorchException(operation, ErrorText.take());
        }
    }

    private static long version() {
        MethodHandle version = NativeLibraries.optional("aoti_torch_abi_version", JAVA_LONG)
                .orElseThrow(() -> new LibtorchMissingException(
                        "The libtorch in " + NativeLibraries.directory() + " is older than 2.10.", null));
        return NativeCall.call(() -> {
            return (long) version.invokeExact();
        });
    }
}
