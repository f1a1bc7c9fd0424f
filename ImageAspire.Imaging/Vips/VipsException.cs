namespace ImageAspire.Imaging.Vips;

/// <summary>An operation of libvips failed. Its error text is one buffer for all threads: good for a log, not for a decision.</summary>
internal sealed class VipsException(string operation, string text) : Exception($"{operation}: {text}")
{
    /// <summary>Takes the last error text of libvips and clears it.</summary>
    public static unsafe VipsException Last(string operation)
    {
        var text = LibVips.vips_error_buffer_copy();
        try
        {
            return new VipsException(operation, System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)text)?.Trim() ?? "");
        }
        finally
        {
            LibVips.g_free(text);
        }
    }
}
