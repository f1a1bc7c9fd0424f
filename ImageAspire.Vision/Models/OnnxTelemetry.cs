using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ImageAspire.Vision.Models;

/// <summary>
/// Keeps ONNX Runtime from sending usage data to its maker, which its packages do by default: it would write a session file into the temporary
/// folder, a device id into the home folder, and connect to a server.
/// </summary>
internal static partial class OnnxTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Call it before anything else of ONNX Runtime.</summary>
    public static void Disable()
    {
        // Native code reads the variable when the runtime starts, and does not see what .NET sets outside of Windows.
        if (OperatingSystem.IsWindows())
            Environment.SetEnvironmentVariable(Variable, "1");
        else
            _ = SetNative(Variable, "1", 1);
        OrtEnv.Instance().DisableTelemetryEvents();
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
