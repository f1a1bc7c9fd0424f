using System.Globalization;
using System.Runtime.InteropServices;

namespace ImageAspire.Vision.Models.Conversion;

/// <summary>Builds an ONNX file (onnx.proto of github.com/onnx/onnx; the numbers of its fields are in the calls).</summary>
internal sealed class OnnxGraph
{
    private const int FloatTensor = 1, Int64Tensor = 7; // TensorProto.DataType
    private const int FloatAttribute = 1, IntAttribute = 2, TextAttribute = 3, IntsAttribute = 7; // AttributeProto.AttributeType
    private const int FormatVersion = 8, OperatorVersion = 17;

    private readonly Protobuf _graph = new();
    private readonly HashSet<string> _constants = [];
    private readonly List<Protobuf> _nodes = [], _values = [], _inputs = [], _outputs = [];

    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => Constant(name, FloatTensor, MemoryMarshal.AsBytes(values), shape);

    public string Constant(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) => Constant(name, Int64Tensor, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds a node and returns the name of its output.</summary>
    public string Node(string type, IEnumerable<string> inputs, string output, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new Protobuf();
        foreach (var input in inputs)
            node.Text(1, input);
        node.Text(2, output).Text(3, $"{type}_{_nodes.Count}").Text(4, type);
        foreach (var (name, value) in attributes)
            node.Message(5, Attribute(name, value));
        _nodes.Add(node);
        return output;
    }

    public void Input(string name, params ReadOnlySpan<string> shape) => _inputs.Add(Value(name, shape));

    public void Output(string name, params ReadOnlySpan<string> shape) => _outputs.Add(Value(name, shape));

    public byte[] Build()
    {
        foreach (var (field, parts) in new[] { (1, _nodes), (5, _values), (11, _inputs), (12, _outputs) })
        {
            foreach (var part in parts)
                _graph.Message(field, part);
        }

        _graph.Text(2, "graph");
        return new Protobuf().Int(1, FormatVersion).Text(2, "ImageAspire").Message(7, _graph).Message(8, new Protobuf().Text(1, "").Int(2, OperatorVersion)).ToArray();
    }

    private string Constant(string name, int type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        if (!_constants.Add(name))
            return name;
        var tensor = new Protobuf();
        foreach (var length in shape)
            tensor.Int(1, length);
        _values.Add(tensor.Int(2, type).Text(8, name).Bytes(9, bytes));
        return name;
    }

    private static Protobuf Attribute(string name, object value)
    {
        var attribute = new Protobuf().Text(1, name);
        switch (value)
        {
            case long number:
                return attribute.Int(3, number).Int(20, IntAttribute);
            case float number:
                return attribute.Float(2, number).Int(20, FloatAttribute);
            case string text:
                return attribute.Text(4, text).Int(20, TextAttribute);
            case long[] numbers:
                foreach (var number in numbers)
                    attribute.Int(8, number);
                return attribute.Int(20, IntsAttribute);
            default:
                throw new ArgumentException($"An attribute cannot be of {value.GetType()}.", nameof(value));
        }
    }

    // Numbers are fixed lengths, other texts are names of free ones.
    private static Protobuf Value(string name, ReadOnlySpan<string> shape)
    {
        var lengths = new Protobuf();
        foreach (var length in shape)
            lengths.Message(1, long.TryParse(length, CultureInfo.InvariantCulture, out var number) ? new Protobuf().Int(1, number) : new Protobuf().Text(2, length));
        return new Protobuf().Text(1, name).Message(2, new Protobuf().Message(1, new Protobuf().Int(1, FloatTensor).Message(2, lengths)));
    }
}
