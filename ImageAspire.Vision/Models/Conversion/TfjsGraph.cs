using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ImageAspire.Vision.Models.Conversion;

/// <summary>A frozen graph of TensorFlow.js: <c>model.json</c> and its weights.</summary>
internal sealed class TfjsGraph
{
    private readonly Dictionary<string, TfjsNode> _nodes = [];
    private readonly Dictionary<string, TfjsWeights> _weights = [];

    /// <param name="json"><c>model.json</c>.</param>
    /// <param name="weights">All shards in one.</param>
    public TfjsGraph(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> weights)
    {
        var root = JsonDocument.Parse(json).RootElement;
        foreach (var node in root.GetProperty("modelTopology").GetProperty("node").EnumerateArray())
        {
            var parsed = new TfjsNode(node);
            _nodes.Add(parsed.Name, parsed);
        }

        foreach (var weight in root.GetProperty("weightsManifest").EnumerateArray().SelectMany(group => group.GetProperty("weights").EnumerateArray()))
        {
            var (parsed, length) = Read(weight, weights);
            _weights.Add(weight.GetProperty("name").GetString()!, parsed);
            weights = weights[length..];
        }
    }

    /// <summary>The node of this name.</summary>
    public TfjsNode Node(string name) => _nodes[TfjsNode.Plain(name)];

    /// <summary>Whether this is a constant.</summary>
    public bool IsConstant(string name) => _weights.ContainsKey(TfjsNode.Plain(name));

    /// <summary>The constant of this name.</summary>
    public TfjsWeights Constant(string name) => _weights[TfjsNode.Plain(name)];

    private static (TfjsWeights Weights, int Length) Read(JsonElement weight, ReadOnlySpan<byte> bytes)
    {
        var shape = weight.GetProperty("shape").EnumerateArray().Select(length => length.GetInt64()).ToArray();
        var values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        var (type, min, scale) = (weight.GetProperty("dtype").GetString(), 0f, 1f);
        if (weight.TryGetProperty("quantization", out var quantization))
        {
            type = quantization.GetProperty("dtype").GetString();
            min = quantization.TryGetProperty("min", out var least) ? least.GetSingle() : 0;
            scale = quantization.TryGetProperty("scale", out var step) ? step.GetSingle() : 1;
        }

        var size = type switch { "uint8" => 1, "uint16" or "float16" => 2, "int32" or "float32" => 4, _ => throw new NotSupportedException($"Weights of type {type}.") };
        for (var i = 0; i < values.Length; i++)
        {
            var value = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                "uint8" => value[0] * scale + min,
                "uint16" => MemoryMarshal.Read<ushort>(value) * scale + min,
                "float16" => (float)MemoryMarshal.Read<Half>(value),
                "int32" => MemoryMarshal.Read<int>(value),
                _ => MemoryMarshal.Read<float>(value),
            };
        }

        return (new TfjsWeights(shape, values), values.Length * size);
    }
}

/// <summary>A constant.</summary>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Values">Row-major.</param>
internal sealed record TfjsWeights(long[] Shape, float[] Values)
{
    /// <summary>Whether it is one number of about this value.</summary>
    public bool Is(float value) => Values.Length == 1 && Math.Abs(Values[0] - value) < 0.001f;
}

/// <summary>A node of the graph.</summary>
/// <param name="json">As in <c>model.json</c>.</param>
internal sealed class TfjsNode(JsonElement json)
{
    public string Name { get; } = json.GetProperty("name").GetString()!;

    public string Operation { get; } = json.GetProperty("op").GetString()!;

    /// <summary>Names of the inputs, without control inputs.</summary>
    public IReadOnlyList<string> Inputs { get; } = json.TryGetProperty("input", out var inputs)
        ? [.. inputs.EnumerateArray().Select(input => input.GetString()!).Where(input => input[0] != '^')] : [];

    public string Text(string attribute) => Decode(Attribute(attribute).GetProperty("s"));

    public IReadOnlyList<string> Texts(string attribute) => [.. Attribute(attribute).GetProperty("list").GetProperty("s").EnumerateArray().Select(Decode)];

    public bool Flag(string attribute) => Attribute(attribute).GetProperty("b").GetBoolean();

    public IReadOnlyList<long> Numbers(string attribute) => [.. Attribute(attribute).GetProperty("list").GetProperty("i").EnumerateArray().Select(Number)];

    /// <summary>The dimensions of a placeholder.</summary>
    public IReadOnlyList<long> Shape() => [.. Attribute("shape").GetProperty("shape").GetProperty("dim").EnumerateArray().Select(length => Number(length.GetProperty("size")))];

    /// <summary>A name without the number of the output.</summary>
    public static string Plain(string name) => name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;

    private JsonElement Attribute(string name) => json.GetProperty("attr").GetProperty(name);

    private static string Decode(JsonElement text) => Encoding.UTF8.GetString(text.GetBytesFromBase64());

    // 64 bits are a text in JSON.
    private static long Number(JsonElement value) => value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : value.GetInt64();
}
