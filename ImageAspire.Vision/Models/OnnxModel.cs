using Microsoft.ML.OnnxRuntime;

namespace ImageAspire.Vision.Models;

/// <summary>A model in ONNX Runtime. Calls may run side by side; each computes on its caller's thread alone.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;

    /// <param name="model">The ONNX file.</param>
    public OnnxModel(byte[] model)
    {
        using var options = Options();
        _session = new InferenceSession(model, options);
    }

    /// <summary>A large model: as it is in its file, as the runtime's optimizations would take twice the memory while it is loaded.</summary>
    /// <param name="path">Of the ONNX file.</param>
    public OnnxModel(string path)
    {
        using var options = Options();
        options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
        _session = new InferenceSession(path, options);
    }

    /// <summary>Runs a model with one input.</summary>
    /// <typeparam name="T">Of the result.</typeparam>
    /// <param name="values">The input, row-major; borrowed for the call.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="read">Reads the outputs, which end with the call.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    public T Run<T>(float[] values, ReadOnlySpan<long> shape, Func<OnnxOutputs, T> read, CancellationToken cancellationToken)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(values, shape.ToArray());
        return Run([_session.InputNames[0]], [input], read, cancellationToken);
    }

    /// <summary>Runs a model with whole numbers in several inputs of one shape.</summary>
    /// <typeparam name="T">Of the result.</typeparam>
    /// <param name="values">By the name of the input, row-major; borrowed for the call.</param>
    /// <param name="shape">The dimensions of each.</param>
    /// <param name="read">Reads the outputs, which end with the call.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    public T Run<T>(IReadOnlyDictionary<string, long[]> values, long[] shape, Func<OnnxOutputs, T> read, CancellationToken cancellationToken)
    {
        var inputs = values.Values.Select(value => OrtValue.CreateTensorValueFromMemory(value, shape)).ToList();
        try
        {
            return Run([.. values.Keys], inputs, read, cancellationToken);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
    }

    public void Dispose() => _session.Dispose();

    private T Run<T>(IReadOnlyCollection<string> names, IReadOnlyCollection<OrtValue> inputs, Func<OnnxOutputs, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var options = new RunOptions();
        using var registration = cancellationToken.Register(() => options.Terminate = true);
        try
        {
            using var outputs = _session.Run(options, names, inputs, _session.OutputNames);
            return read(new OnnxOutputs(outputs));
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static SessionOptions Options()
    {
        OnnxMemory.Share();
        var options = new SessionOptions
        {
            // One thread a call: the service runs as many calls as it has places. Shapes differ from image to image, so that patterns do not help.
            IntraOpNumThreads = 1, InterOpNumThreads = 1, EnableMemoryPattern = false, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        return options;
    }
}

/// <summary>The outputs of one run.</summary>
/// <param name="values">In the model's order.</param>
internal readonly ref struct OnnxOutputs(IReadOnlyList<OrtValue> values)
{
    /// <summary>The numbers of an output, row-major.</summary>
    public ReadOnlySpan<float> this[int index] => values[index].GetTensorDataAsSpan<float>();

    /// <summary>The dimensions of an output.</summary>
    public long[] Shape(int index) => values[index].GetTensorTypeAndShape().Shape;
}
