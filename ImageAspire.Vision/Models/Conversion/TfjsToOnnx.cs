namespace ImageAspire.Vision.Models.Conversion;

/// <summary>
/// Converts an image model of TensorFlow.js to ONNX: the operations that our models have, channels last to channels first, and height and
/// width of the input become free.
/// </summary>
internal sealed class TfjsToOnnx
{
    private const float Sixth = 1f / 6;

    private readonly OnnxGraph _onnx = new();
    private readonly Dictionary<string, Value> _done = [];
    private readonly TfjsGraph _graph;

    private TfjsToOnnx(TfjsGraph graph) => _graph = graph;

    // Height and width at the model's own size, from which the factors of its resizes come.
    private sealed record Value(string Name, int Channels, int Height, int Width);

    /// <summary>The ONNX file.</summary>
    /// <param name="json"><c>model.json</c>.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="outputs">Names of the nodes that become outputs.</param>
    /// <exception cref="NotSupportedException">The graph has an operation that is not known here.</exception>
    public static byte[] Convert(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> weights, IEnumerable<string> outputs)
    {
        var converter = new TfjsToOnnx(new TfjsGraph(json, weights));
        foreach (var (index, output) in outputs.Index())
        {
            var value = converter.Get(output);
            converter._onnx.Node("Identity", [value.Name], $"output{index}");
            converter._onnx.Output($"output{index}", "1", $"{value.Channels}", $"height{index}", $"width{index}");
        }

        return converter._onnx.Build();
    }

    private Value Get(string name)
    {
        var node = _graph.Node(name);
        return _done.TryGetValue(node.Name, out var value) ? value : _done[node.Name] = Convert(node);
    }

    private Value Convert(TfjsNode node)
    {
        switch (node.Operation)
        {
            case "Placeholder":
                var shape = node.Shape();
                _onnx.Input("image", "1", "3", "height", "width");
                return new Value("image", 3, (int)shape[1], (int)shape[2]);
            case "Identity":
                return Get(node.Inputs[0]);
            case "_FusedConv2D" or "Conv2D" or "FusedDepthwiseConv2dNative" or "DepthwiseConv2dNative":
                return Convolution(node);
            case "Mul" when HardSigmoidOf(node) is { } x:
                var input = Get(x);
                return input with { Name = _onnx.Node("HardSigmoid", [input.Name], node.Name, ("alpha", Sixth), ("beta", 0.5f)) };
            case "Mul" when HardSwishOf(node) is { } x:
                var gated = Get(x);
                var gate = _onnx.Node("HardSigmoid", [gated.Name], node.Name + "/gate", ("alpha", Sixth), ("beta", 0.5f));
                return gated with { Name = _onnx.Node("Mul", [gated.Name, gate], node.Name) };
            case "Mul" or "Add" or "AddV2" or "Sub":
                return Arithmetic(node);
            case "Relu" or "Sigmoid":
                return Same(node, node.Operation);
            case "Relu6":
                var unbounded = Get(node.Inputs[0]);
                return unbounded with { Name = Clip6(unbounded.Name, node.Name) };
            case "Mean":
                return Same(node, "GlobalAveragePool") with { Height = 1, Width = 1 };
            case "ResizeBilinear":
                return Resize(node);
            case "ConcatV2":
                var parts = node.Inputs.SkipLast(1).Select(Get).ToList();
                return parts[0] with { Name = _onnx.Node("Concat", parts.Select(part => part.Name), node.Name, ("axis", 1L)), Channels = parts.Sum(part => part.Channels) };
            default:
                throw new NotSupportedException($"The operation {node.Operation} of {node.Name} cannot be converted.");
        }
    }

    private Value Same(TfjsNode node, string operation)
    {
        var input = Get(node.Inputs[0]);
        return input with { Name = _onnx.Node(operation, [input.Name], node.Name) };
    }

    private Value Convolution(TfjsNode node)
    {
        var input = Get(node.Inputs[0]);
        var (shape, values) = _graph.Constant(node.Inputs[1]);
        var (height, width, channelsIn, channelsOut) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        var isDepthwise = node.Operation.Contains("Depthwise", StringComparison.Ordinal);
        var filters = isDepthwise ? channelsIn * channelsOut : channelsOut;
        var stride = node.Numbers("strides")[1];
        var isPadded = node.Text("padding") == "SAME";
        // Of sizes that the stride divides, as all of ours are.
        long vertical = isPadded ? Math.Max(height - stride, 0) : 0, horizontal = isPadded ? Math.Max(width - stride, 0) : 0;
        var fused = node.Operation.Contains("Fused", StringComparison.Ordinal) ? node.Texts("fused_ops") : [];
        List<string> inputs = [input.Name, _onnx.Constant(node.Name + "/filters", ChannelsFirst(values, height, width, channelsIn, channelsOut, isDepthwise), filters, isDepthwise ? 1 : channelsIn, height, width)];
        if (fused.Contains("BiasAdd"))
            inputs.Add(_onnx.Constant(node.Name + "/bias", _graph.Constant(node.Inputs[2]).Values, filters));
        var result = _onnx.Node("Conv", inputs, node.Name, ("kernel_shape", new long[] { height, width }), ("strides", new[] { stride, stride }),
            ("pads", new[] { vertical / 2, horizontal / 2, vertical - vertical / 2, horizontal - horizontal / 2 }), ("group", isDepthwise ? (long)channelsIn : 1L));
        if (fused.Contains("Relu"))
            result = _onnx.Node("Relu", [result], node.Name + "/relu");
        if (fused.Contains("Relu6"))
            result = Clip6(result, node.Name + "/relu6");
        int After(int side, int kernel) => (int)(isPadded ? (side + stride - 1) / stride : (side - kernel) / stride + 1);
        return new Value(result, filters, After(input.Height, height), After(input.Width, width));
    }

    // From height × width × in × out to out × in × height × width; of a depthwise one in × out × 1 × height × width.
    private static float[] ChannelsFirst(float[] values, int height, int width, int channelsIn, int channelsOut, bool isDepthwise)
    {
        var result = new float[values.Length];
        for (var at = 0; at < values.Length; at++)
        {
            var (place, channels) = Math.DivRem(at, channelsIn * channelsOut);
            var (i, o) = Math.DivRem(channels, channelsOut);
            var filter = isDepthwise ? i * channelsOut + o : o * channelsIn + i;
            result[filter * height * width + place] = values[at];
        }

        return result;
    }

    private Value Arithmetic(TfjsNode node)
    {
        var operation = node.Operation[..3]; // AddV2
        var values = node.Inputs.Select(input => _graph.IsConstant(input) ? null : Get(input)).ToList();
        var larger = values.OfType<Value>().MaxBy(value => value.Height * value.Width)!;
        var names = node.Inputs.Select((input, i) => values[i]?.Name ?? Constant(input));
        return larger with { Name = _onnx.Node(operation, names, node.Name), Channels = values.OfType<Value>().Max(value => value.Channels) };
    }

    private string Constant(string name)
    {
        var values = _graph.Constant(name).Values;
        return values.Length == 1 ? _onnx.Constant(TfjsNode.Plain(name), values) : _onnx.Constant(TfjsNode.Plain(name), values, 1, values.Length, 1, 1);
    }

    private Value Resize(TfjsNode node)
    {
        var input = Get(node.Inputs[0]);
        var size = _graph.Constant(node.Inputs[1]).Values;
        var factors = _onnx.Constant(node.Name + "/factors", [1, 1, size[0] / input.Height, size[1] / input.Width], 4);
        var name = _onnx.Node("Resize", [input.Name, "", factors], node.Name,
            ("mode", "linear"), ("coordinate_transformation_mode", node.Flag("half_pixel_centers") ? "half_pixel" : "asymmetric"));
        return input with { Name = name, Height = (int)size[0], Width = (int)size[1] };
    }

    private string Clip6(string input, string name) => _onnx.Node("Clip", [input, _onnx.Constant("zero", [0f]), _onnx.Constant("six", [6f])], name);

    // relu6(x + 3) / 6, which is one operation of ONNX; null for anything else.
    private string? HardSigmoidOf(TfjsNode product) => Other(product, Sixth) is { } bounded ? PlusThree(bounded) : null;

    // x / 6 × relu6(x + 3), which ONNX Runtime computes at once; null for anything else.
    private string? HardSwishOf(TfjsNode product)
    {
        var x = product.Inputs.Where(input => !_graph.IsConstant(input)).Select(PlusThree).FirstOrDefault(found => found is not null);
        return x is not null && product.Inputs.Any(input => !_graph.IsConstant(input) && _graph.Node(input) is { Operation: "Mul" } part && Other(part, Sixth) is { } whole && TfjsNode.Plain(whole) == TfjsNode.Plain(x))
            ? x : null;
    }

    // x of relu6(x + 3).
    private string? PlusThree(string name) =>
        !_graph.IsConstant(name) && _graph.Node(name) is { Operation: "Relu6" } relu6 && _graph.Node(relu6.Inputs[0]) is { Operation: "Add" or "AddV2" } sum ? Other(sum, 3) : null;

    // The input beside a constant of this value.
    private string? Other(TfjsNode node, float value) =>
        node.Inputs.FirstOrDefault(input => _graph.IsConstant(input) && _graph.Constant(input).Is(value)) is { } constant
            ? node.Inputs.FirstOrDefault(input => input != constant) : null;
}
