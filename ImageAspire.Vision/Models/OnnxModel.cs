using Microsoft.ML.OnnxRuntime;

namespace ImageAspire.Vision.Models;

/// <summary>A model in ONNX Runtime, with one input. Calls may run side by side; each computes on its caller's thread alone.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;

    /// <param name="model">The ONNX file.</param>
    public OnnxModel(byte[] model)
    {
        // One thread a call: the service runs as many calls as it has places. Shapes differ from image to image, so that patterns do not help.
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1, InterOpNumThreads = 1, EnableMemoryPattern = false, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new InferenceSession(model, options);
    }

    /// <summary>Runs the model.</summary>
    /// <typeparam name="T">Of the result.</typeparam>
    /// <param name="values">The input, row-major; borrowed for the call.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="read">Reads the outputs, which end with the call.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    public T Run<T>(float[] values, ReadOnlySpan<long> shape, Func<OnnxOutputs, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var input = OrtValue.CreateTensorValueFromMemory(values, shape.ToArray());
        using var options = new RunOptions();
        using var registration = cancellationToken.Register(() => options.Terminate = true);
        try
        {
            using var outputs = _session.Run(options, [_session.InputNames[0]], [input], _session.OutputNames);
            return read(new OnnxOutputs(outputs));
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public void Dispose() => _session.Dispose();
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
