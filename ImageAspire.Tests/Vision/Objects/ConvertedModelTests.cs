using System.Text.Json;
using ImageAspire.Tests.Requirements;
using ImageAspire.Vision.Models;

namespace ImageAspire.Tests.Vision.Objects;

/// <summary>
/// Converted models answer as the originals do. The references are what TensorFlow.js 4.22 computed from the original files for the image made
/// here: the strongest answers of each output, and some from all over it, each as output, channel, row, column, value.
/// </summary>
public sealed class ConvertedModelTests
{
    [Fact]
    public void Objects_ConvertedModel_AnswersAsTheOriginal() => Compare("objects", 512, value => value, 0.002, 3);

    [Fact]
    public void Faces_ConvertedModel_AnswersAsTheOriginal() => Compare("faces", 256, value => value / 127.5f - 1, 0.02, 0.02, 0.02, 0.02);

    // Sums in another order differ, most in the sides of boxes, which are pixels of 512: a tolerance for each output, and 0.2 % of the value.
    private static void Compare(string name, int side, Func<int, float> scale, params double[] tolerances)
    {
        VisionModels.Require();
        var reference = JsonSerializer.Deserialize<double[][]>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vision", "Objects", $"{name}-reference.json")))!;
        using var model = new OnnxModel(VisionModels.Folder.Read($"{name}.onnx"));

        var wrong = model.Run(Image(side, scale), [1, 3, side, side], outputs =>
        {
            var found = new List<string>();
            foreach (var one in reference)
            {
                var shape = outputs.Shape((int)one[0]);
                var value = outputs[(int)one[0]][(int)(((long)one[1] * shape[2] + (long)one[2]) * shape[3] + (long)one[3])];
                if (Math.Abs(value - one[4]) > tolerances[(int)one[0]] + 0.002 * Math.Abs(one[4]))
                    found.Add($"{string.Join(',', one)}: {value}");
            }

            return found;
        }, CancellationToken.None);

        reference.Length.ShouldBeGreaterThan(100);
        wrong.ShouldBeEmpty();
    }

    // The same formula as the references have.
    private static float[] Image(int side, Func<int, float> scale)
    {
        var values = new float[3 * side * side];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < side; y++)
            {
                for (var x = 0; x < side; x++)
                {
                    var disc = (x - side / 2) * (x - side / 2) + (y - 200) * (y - 200) < 16_000 ? 90 : 0;
                    values[(channel * side + y) * side + x] = scale(((x * x >> 6) + (y * (3 + channel) >> 1) + disc + channel * 40) % 256);
                }
            }
        }

        return values;
    }
}
