NAME = 'the helper'
