namespace ImageAspire.Vision.Objects;

/// <summary>The 80 object classes of COCO (cocodataset.org) in the models' order, each with its super-category.</summary>
internal static class CocoClasses
{
    private static readonly (string Category, string[] Names)[] Categories =
    [
        ("person", ["person"]),
        ("vehicle", ["bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"]),
        ("outdoor", ["traffic light", "fire hydrant", "stop sign", "parking meter", "bench"]),
        ("animal", ["bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe"]),
        ("accessory", ["backpack", "umbrella", "handbag", "tie", "suitcase"]),
        ("sports", ["frisbee", "skis", "snowboard", "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket"]),
        ("kitchen", ["bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl"]),
        ("food", ["banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake"]),
        ("furniture", ["chair", "couch", "potted plant", "bed", "dining table", "toilet"]),
        ("electronic", ["tv", "laptop", "mouse", "remote", "keyboard", "cell phone"]),
        ("appliance", ["microwave", "oven", "toaster", "sink", "refrigerator"]),
        ("indoor", ["book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush"]),
    ];

    private static readonly Dictionary<string, string> CategoryByName =
        Categories.SelectMany(group => group.Names.Select(name => (name, group.Category))).ToDictionary(one => one.name, one => one.Category);

    /// <summary>The class of people.</summary>
    public const string Person = "person";

    /// <summary>Names by class number.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Categories.SelectMany(group => group.Names)];

    /// <summary>The super-category of a class; null where it says nothing of the thing: "outdoor" and "indoor" group a bench and a clock.</summary>
    public static string? CategoryOf(string name) => CategoryByName[name] is var category and not ("outdoor" or "indoor") ? category : null;
}
